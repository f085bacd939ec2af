import type { components, paths } from '@greenroom/contract';
import createClient from 'openapi-fetch';
import type { Logger } from 'pino';

import type { Assignment } from '../runtime.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import { withDeadline } from './deadline.ts';
import { Reachability } from './connectivity-log.ts';
import type { WorkerKey } from './worker-key.ts';

type Schemas = components['schemas'];

/** What openapi-fetch answers, whatever the operation. */
interface Answer<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

interface Init {
  headers: { Authorization: string };
  signal: AbortSignal;
}

/** An answer may take this long, beyond what it was asked to wait. */
const PATIENCE_MS = 10_000;

/** The worker operations of the server, each one request. Every failure is a ControlPlaneError. */
export class ControlPlane {
  readonly #client;
  readonly #key: WorkerKey;
  readonly #reachability: Reachability;

  constructor({ apiUrl, key, log }: { apiUrl: string; key: WorkerKey; log: Logger }) {
    // Followed, a redirect could take the token of a customer elsewhere.
    this.#client = createClient<paths>({ baseUrl: apiUrl, redirect: 'error' });
    this.#key = key;
    this.#reachability = new Reachability(log);
  }

  async register(body: Schemas['WorkerCreate'], signal: AbortSignal): Promise<Schemas['Worker']> {
    return this.#exchange({ timeoutMs: PATIENCE_MS, signals: [signal] }, (init) =>
      this.#client.POST('/internal/v1/workers', { ...init, body }),
    );
  }

  /** Null where no session came. */
  async claim(workerId: string, waitSeconds: number, signal: AbortSignal): Promise<Assignment | null> {
    const timeoutMs = waitSeconds * 1000 + PATIENCE_MS;
    const assignment = await this.#exchange({ timeoutMs, signals: [signal] }, (init) =>
      this.#client.POST('/internal/v1/workers/{worker_id}/claim', {
        ...init,
        params: { path: { worker_id: workerId } },
        body: { wait_seconds: waitSeconds },
      }),
    );
    return assignment ?? null;
  }

  /** `patienceMs`: how long the answer may take beyond the report's `wait_seconds`. */
  async report(
    sessionId: string,
    body: Schemas['AssignmentReport'],
    { patienceMs = PATIENCE_MS, signals }: { patienceMs?: number; signals: AbortSignal[] },
  ): Promise<Schemas['AssignmentDirective']> {
    const timeoutMs = (body.wait_seconds ?? 0) * 1000 + patienceMs;
    return this.#exchange({ timeoutMs, signals }, (init) =>
      this.#client.POST('/internal/v1/assignments/{session_id}/report', {
        ...init,
        params: { path: { session_id: sessionId } },
        body,
      }),
    );
  }

  /** The picture of the assignment's avatar; null for a stock avatar. */
  async portrait(sessionId: string, fence: number, signal: AbortSignal): Promise<Uint8Array | null> {
    try {
      const picture = await this.#exchange({ timeoutMs: PATIENCE_MS, signals: [signal] }, (init) =>
        this.#client.GET('/internal/v1/assignments/{session_id}/portrait', {
          ...init,
          params: { path: { session_id: sessionId }, query: { fence } },
          parseAs: 'arrayBuffer',
        }),
      );
      return new Uint8Array(picture);
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code === 'avatar.no_portrait') return null;
      throw error;
    }
  }

  async #exchange<Body>(
    limits: { timeoutMs: number; signals: AbortSignal[] },
    send: (init: Init) => Promise<Answer<Body>>,
  ): Promise<Body> {
    const timeout = () => new ControlPlaneError(`No answer within ${limits.timeoutMs} ms`);
    return withDeadline({ ...limits, timeout }, async (signal) => {
      let key = null;
      try {
        key = await this.#key.current(signal);
        const { data, error, response } = await send({
          headers: { Authorization: `Bearer ${key}` },
          signal,
        });
        if (!response.ok) throw errorFrom(response, error);
        this.#reachability.answered();
        // Absent where the answer has no body, as its type then says.
        return data as Body;
      } catch (error) {
        throw this.#judged(error, key, signal);
      }
    });
  }

  #judged(error: unknown, key: string | null, { aborted, reason }: AbortSignal): unknown {
    // Whoever aborted knows why.
    if (aborted && !(reason instanceof ControlPlaneError)) return reason;
    const failure =
      error instanceof ControlPlaneError ? error : new ControlPlaneError(describe(aborted ? reason : error));
    if (failure.status === 401 && key !== null) this.#key.refused(key);
    if (failure.isUnavailable) this.#reachability.failed(failure);
    else this.#reachability.answered();
    return failure;
  }
}

function errorFrom(response: Response, body: unknown): ControlPlaneError {
  const { code = null, message = 'The answer is not the server’s' } =
    (body as { error?: Partial<Schemas['Error']['error']> } | undefined)?.error ?? {};
  return new ControlPlaneError(message, response.status, code);
}

/** fetch hides why it failed in the error's cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? describe(error.cause) : error.message;
}
