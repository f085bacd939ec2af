import { errorTable } from '@greenroom/contract';

import type { AbuserReport } from './measures.ts';

/** The part of a response that is checked. */
export interface ReceivedResponse {
  /** Null when the connection was closed without a response. */
  status: number | null;
  retryAfter: string | undefined;
  body: string;
}

/** Counts the responses to the abuser, and the wrong ones among them. */
export class Tally {
  readonly #responses: Record<string, number> = {};
  #unanswered = 0;
  #wrong = 0;
  #firstWrong: string | null = null;

  add(response: ReceivedResponse): void {
    const { status } = response;
    if (status === null) {
      this.#unanswered += 1;
      return;
    }
    const kind = `${status} ${codeOf(response.body) ?? ''}`.trimEnd();
    this.#responses[kind] = (this.#responses[kind] ?? 0) + 1;
    if (isDocumented(response)) return;
    this.#wrong += 1;
    this.#firstWrong ??= `${status} ${response.body.slice(0, 200)}`;
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

/** Returns whether a response is a success or an error of the document. Of 5xx, only 503 with Retry-After counts. */
export function isDocumented({ status, retryAfter, body }: ReceivedResponse): boolean {
  if (status === null) return false;
  if (status < 400) return true;
  if (status >= 500 && (status !== 503 || retryAfter === undefined)) return false;
  const code = codeOf(body);
  return Object.entries(errorTable).some(([known, entry]) => known === code && entry.status === status);
}

/** Returns the code of an error body, or undefined for any other body. */
function codeOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string } };
    return error?.code;
  } catch {
    return undefined;
  }
}
