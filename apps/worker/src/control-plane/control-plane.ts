import { randomInt } from 'node:crypto';

import { operationPaths, type components, type paths } from '@greenroom/contract';
import createClient from 'openapi-fetch';
import type { Logger } from 'pino';
import { ulid } from 'ulid';

import type { Assignment } from '../runtime.ts';
import { ConnectivityLog } from './connectivity-log.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import { withDeadline } from './deadline.ts';
import type { WorkerKey } from './worker-key.ts';

type Schemas = components['schemas'];

/** The result of openapi-fetch. */
interface FetchResult<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

interface Init {
  headers: { Authorization: string; 'X-Request-Id': string; traceparent?: string };
  signal: AbortSignal;
}

interface RequestOptions {
  timeoutMs: number;
  signals: AbortSignal[];
  /** The span that the server continues. */
  traceparent?: string | undefined;
}

/** The response of the server, with the id of the request, which the server also logs. */
interface Identified<Body> {
  body: Body;
  requestId: string;
}

const BASE = 32;
/** `randomInt` takes random bytes from a buffer. The library's default asks the system for each digit. */
const randomDigit = () => randomInt(BASE) / BASE;

/** How long a response may take, in addition to the wait that the request asked for. */
const RESPONSE_TIMEOUT_MS = 10_000;

/**
 * The worker operations of the server. Each sends one request with a new id, and rejects with a `ControlPlaneError` or with
 * the reason of an aborted signal.
 */
export class ControlPlane {
  readonly #client;
  readonly #key: WorkerKey;
  readonly #log: Logger;
  readonly #connectivity: ConnectivityLog;

  constructor({ apiUrl, key, log }: { apiUrl: string; key: WorkerKey; log: Logger }) {
    // A redirect could lead the customer's token to another host.
    this.#client = createClient<paths>({ baseUrl: apiUrl, redirect: 'error' });
    this.#key = key;
    this.#log = log;
    this.#connectivity = new ConnectivityLog(log);
  }

  async register(body: Schemas['WorkerCreate'], signal: AbortSignal): Promise<Identified<Schemas['Worker']>> {
    return this.#request({ timeoutMs: RESPONSE_TIMEOUT_MS, signals: [signal] }, (init) =>
      this.#client.POST(operationPaths['workers.register'], { ...init, body }),
    );
  }

  /** Resolves with null when no session was queued within `waitSeconds`. */
  async claim(
    workerId: string,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<Identified<Assignment> | null> {
    const timeoutMs = waitSeconds * 1000 + RESPONSE_TIMEOUT_MS;
    const { body, requestId } = await this.#request({ timeoutMs, signals: [signal] }, (init) =>
      this.#client.POST(operationPaths['workers.claim'], {
        ...init,
        params: { path: { worker_id: workerId } },
        body: { wait_seconds: waitSeconds },
      }),
    );
    return body === undefined ? null : { body, requestId };
  }

  /** `timeoutMs`: how long the response may take in addition to the report's `wait_seconds`. */
  async report(
    sessionId: string,
    body: Schemas['AssignmentReport'],
    {
      timeoutMs = RESPONSE_TIMEOUT_MS,
      ...options
    }: Omit<RequestOptions, 'timeoutMs'> & { timeoutMs?: number },
  ): Promise<Schemas['AssignmentDirective']> {
    const limits = { ...options, timeoutMs: (body.wait_seconds ?? 0) * 1000 + timeoutMs };
    const response = await this.#request(limits, (init) =>
      this.#client.POST(operationPaths['assignments.report'], {
        ...init,
        params: { path: { session_id: sessionId } },
        body,
      }),
    );
    return response.body;
  }

  /** Resolves with the portrait of the assignment's avatar, or null for a stock avatar. */
  async portrait(
    sessionId: string,
    fence: number,
    options: Omit<RequestOptions, 'timeoutMs'>,
  ): Promise<Uint8Array | null> {
    try {
      const { body } = await this.#request({ timeoutMs: RESPONSE_TIMEOUT_MS, ...options }, (init) =>
        this.#client.GET(operationPaths['assignments.portrait'], {
          ...init,
          params: { path: { session_id: sessionId }, query: { fence } },
          parseAs: 'arrayBuffer',
        }),
      );
      return new Uint8Array(body);
    } catch (error) {
      if (error instanceof ControlPlaneError && error.code === 'avatar.no_portrait') return null;
      throw error;
    }
  }

  async #request<Body>(
    { timeoutMs, signals, traceparent }: RequestOptions,
    send: (init: Init) => Promise<FetchResult<Body>>,
  ): Promise<Identified<Body>> {
    const requestId = `req_${ulid(undefined, randomDigit)}`;
    const timeout = () => new ControlPlaneError(`No response within ${timeoutMs} ms`, { requestId });
    return withDeadline({ timeoutMs, signals, timeout }, async (signal) => {
      let key = null;
      try {
        key = await this.#key.current(signal);
        const { data, error, response } = await send({
          headers: {
            Authorization: `Bearer ${key}`,
            'X-Request-Id': requestId,
            ...(traceparent !== undefined && { traceparent }),
          },
          signal,
        });
        if (!response.ok) throw errorFrom(response, error, requestId);
        this.#connectivity.succeeded(requestId);
        this.#log.trace({ request_id: requestId, status: response.status }, 'request');
        // `Body` includes undefined for operations whose response may have no body.
        return { body: data as Body, requestId };
      } catch (error) {
        throw this.#toError(error, { key, requestId, signal });
      }
    });
  }

  #toError(
    error: unknown,
    {
      key,
      requestId,
      signal: { aborted, reason },
    }: { key: string | null; requestId: string; signal: AbortSignal },
  ): unknown {
    // The caller aborted and expects its reason.
    if (aborted && !(reason instanceof ControlPlaneError)) return reason;
    const failure =
      error instanceof ControlPlaneError
        ? error
        : new ControlPlaneError(describe(aborted ? reason : error), { requestId });
    if (failure.status === 401 && key !== null) this.#key.discard(key);
    if (failure.isUnavailable) this.#connectivity.failed(failure);
    else this.#connectivity.succeeded(requestId);
    return failure;
  }
}

function errorFrom({ status }: Response, body: unknown, requestId: string): ControlPlaneError {
  const { code = null, message = 'The response did not come from the Greenroom API' } =
    (body as { error?: Partial<Schemas['ApiError']> } | undefined)?.error ?? {};
  return new ControlPlaneError(message, { requestId, status, code });
}

/** Returns the message of the innermost cause: `fetch` reports there why it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? describe(error.cause) : error.message;
}
