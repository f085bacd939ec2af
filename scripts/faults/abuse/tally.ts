import { errorTable } from '@greenroom/contract';

import type { AbuserReport } from './measures.ts';

/** A response as far as it is judged. */
export interface Answer {
  /** Null: the connection was closed without one. */
  status: number | null;
  retryAfter: string | undefined;
  body: string;
}

/** Counts the responses to the abuser, and those that are wrong. */
export class Tally {
  readonly #responses: Record<string, number> = {};
  #unanswered = 0;
  #wrong = 0;
  #firstWrong: string | null = null;

  add(answer: Answer): void {
    const { status } = answer;
    if (status === null) {
      this.#unanswered += 1;
      return;
    }
    const kind = `${status} ${codeOf(answer.body) ?? ''}`.trimEnd();
    this.#responses[kind] = (this.#responses[kind] ?? 0) + 1;
    if (isOfContract(answer)) return;
    this.#wrong += 1;
    this.#firstWrong ??= `${status} ${answer.body.slice(0, 200)}`;
  }

  get report(): Omit<AbuserReport, 'cores'> {
    return {
      responses: this.#responses,
      unanswered: this.#unanswered,
      wrong: this.#wrong,
      firstWrong: this.#firstWrong,
    };
  }
}

/** Whether a response is a success, or an error of the contract that is no fault of the server. */
export function isOfContract({ status, retryAfter, body }: Answer): boolean {
  if (status === null) return false;
  if (status < 400) return true;
  if (status >= 500 && (status !== 503 || retryAfter === undefined)) return false;
  const code = codeOf(body);
  return Object.entries(errorTable).some(([known, entry]) => known === code && entry.status === status);
}

/** Returns the code of an error; undefined where the body is none. */
function codeOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string } };
    return error?.code;
  } catch {
    return undefined;
  }
}
