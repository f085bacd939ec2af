import { operationPaths, type components, type paths } from '@greenroom/contract';
import createClient from 'openapi-fetch';
import type { Logger } from 'pino';

import type { Assignment } from '../runtime.ts';
import { ConnectivityLog } from './connectivity-log.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import { withDeadline } from './deadline.ts';
import type { WorkerKey } from './worker-key.ts';

type Schemas = components['schemas'];

/** What openapi-fetch resolves with. */
interface FetchResult<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

interface Init {
  headers: { Authorization: string };
  signal: AbortSignal;
}

/** How long a response may take, in addition to the wait that the request asked for. */
const RESPONSE_TIMEOUT_MS = 10_000;

/**
 * The worker operations of the server. Each sends one request, and rejects with a `ControlPlaneError` or with the reason
 * of an aborted signal.
 */
export class ControlPlane {
  readonly #client;
  readonly #key: WorkerKey;
  readonly #connectivity: ConnectivityLog;

  constructor({ apiUrl, key, log }: { apiUrl: string; key: WorkerKey; log: Logger }) {
    // A redirect could lead the customer's token to another host.
    this.#client = createClient<paths>({ baseUrl: apiUrl, redirect: 'error' });
    this.#key = key;
    this.#connectivity = new ConnectivityLog(log);
  }

  async register(body: Schemas['WorkerCreate'], signal: AbortSignal): Promise<Schemas['Worker']> {
    return this.#request({ timeoutMs: RESPONSE_TIMEOUT_MS, signals: [signal] }, (init) =>
      this.#client.POST(operationPaths['workers.register'], { ...init, body }),
    );
  }

  /** Resolves with null when no session was queued within `waitSeconds`. */
  async claim(workerId: string, waitSeconds: number, signal: AbortSignal): Promise<Assignment | null> {
    const timeoutMs = waitSeconds * 1000 + RESPONSE_TIMEOUT_MS;
    const assignment = await this.#request({ timeoutMs, signals: [signal] }, (init) =>
      this.#client.POST(operationPaths['workers.claim'], {
        ...init,
        params: { path: { worker_id: workerId } },
        body: { wait_seconds: waitSeconds },
      }),
    );
    return assignment ?? null;
  }

  /** `timeoutMs`: how long the response may take in addition to the report's `wait_seconds`. */
  async report(
    sessionId: string,
    body: Schemas['AssignmentReport'],
    { timeoutMs = RESPONSE_TIMEOUT_MS, signals }: { timeoutMs?: number; signals: AbortSignal[] },
  ): Promise<Schemas['AssignmentDirective']> {
    const limits = { timeoutMs: (body.wait_seconds ?? 0) * 1000 + timeoutMs, signals };
    return this.#request(limits, (init) =>
      this.#client.POST(operationPaths['assignments.report'], {
        ...init,
        params: { path: { session_id: sessionId } },
        body,
      }),
    );
  }

  /** Resolves with the portrait of the assignment's avatar, or null for a stock avatar. */
  async portrait(sessionId: string, fence: number, signal: AbortSignal): Promise<Uint8Array | null> {
    try {
      const portrait = await this.#request({ timeoutMs: RESPONSE_TIMEOUT_MS, signals: [signal] }, (init) =>
        this.#client.GET(operationPaths['assignments.portrait'], {
          ...init,
          params: { path: { session_id: sessionId }, query: { fence } },
          parseAs: 'arrayBuffer',
        }),
      );
      return new Uint8Array(portrait);
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code === 'avatar.no_portrait') return null;
      throw error;
    }
  }

  async #request<Body>(
    limits: { timeoutMs: number; signals: AbortSignal[] },
    send: (init: Init) => Promise<FetchResult<Body>>,
  ): Promise<Body> {
    const timeout = () => new ControlPlaneError(`No response within ${limits.timeoutMs} ms`);
    return withDeadline({ ...limits, timeout }, async (signal) => {
      let key = null;
      try {
        key = await this.#key.current(signal);
        const { data, error, response } = await send({
          headers: { Authorization: `Bearer ${key}` },
          signal,
        });
        if (!response.ok) throw errorFrom(response, error);
        this.#connectivity.succeeded();
        // `Body` includes undefined for operations whose response may have no body.
        return data as Body;
      } catch (error) {
        throw this.#toError(error, key, signal);
      }
    });
  }

  #toError(error: unknown, key: string | null, { aborted, reason }: AbortSignal): unknown {
    // The caller aborted and expects its reason.
    if (aborted && !(reason instanceof ControlPlaneError)) return reason;
    const failure =
      error instanceof ControlPlaneError ? error : new ControlPlaneError(describe(aborted ? reason : error));
    if (failure.status === 401 && key !== null) this.#key.discard(key);
    if (failure.isUnavailable) this.#connectivity.failed(failure);
    else this.#connectivity.succeeded();
    return failure;
  }
}

function errorFrom(response: Response, body: unknown): ControlPlaneError {
  const { code = null, message = 'The response did not come from the Greenroom API' } =
    (body as { error?: Partial<Schemas['ApiError']> } | undefined)?.error ?? {};
  return new ControlPlaneError(message, response.status, code);
}

/** Returns the message of the innermost cause: `fetch` reports there why it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? describe(error.cause) : error.message;
}
