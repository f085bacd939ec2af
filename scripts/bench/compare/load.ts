import autocannon, { type Options, type Request, type Result } from 'autocannon';

import { percentile } from '../statistics.ts';

/** A request of the load. */
export interface LoadRequest {
  method: 'GET' | 'POST';
  path: string;
  /** The key of the caller. */
  key: string;
  /** Sent as JSON. */
  body?: object;
}

/** The measurements of one turn. */
export interface Turn {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

export interface LoadOptions {
  connections: number;
  signal: AbortSignal;
}

/** The interval of the checks whether all responses have arrived. */
const CHECK_MS = 20;

/**
 * Sends every request once, over all connections. Each connection sends the next request as soon as a response has
 * arrived.
 *
 * @throws {Error} when a response is not a 2xx: errors are fast and would improve the measurements
 */
export async function load(
  url: string,
  requests: readonly LoadRequest[],
  { connections, signal }: LoadOptions,
): Promise<Turn> {
  signal.throwIfAborted();
  const waiting = requests.map(prepared);
  const startedAtMs = performance.now();
  let endedAtMs = startedAtMs;
  const durationsMs: number[] = [];
  const { non2xx, errors, statusCodeStats } = await run(
    {
      url,
      connections: Math.min(connections, requests.length),
      amount: requests.length,
      sampleInt: CHECK_MS,
      requests: [{ setupRequest: (request) => ({ ...request, ...waiting.pop() }) }],
      setupClient: (client) => {
        client.on('response', (_status, _bytes, durationMs) => {
          endedAtMs = performance.now();
          durationsMs.push(durationMs);
        });
      },
    },
    signal,
  );
  signal.throwIfAborted();
  if (non2xx + errors > 0) {
    const statuses = `${JSON.stringify(statusCodeStats)} and ${errors} broken connections`;
    throw new Error(`Requests to ${url} failed: ${statuses}`);
  }
  return {
    requestsPerSecond: durationsMs.length / ((endedAtMs - startedAtMs) / 1000),
    p50Ms: percentile(durationsMs, 0.5),
    p99Ms: percentile(durationsMs, 0.99),
  };
}

function prepared({ method, path, key, body }: LoadRequest): Request {
  const headers = { authorization: `Bearer ${key}` };
  if (body === undefined) return { method, path, headers };
  return {
    method,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function run(options: Options, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const instance = autocannon(options, (error: Error | null, result) => {
      signal.removeEventListener('abort', stop);
      if (error === null) resolve(result);
      else reject(error);
    });
    const stop = (): void => {
      instance.stop();
    };
    signal.addEventListener('abort', stop);
  });
}
