import autocannon, { type Options, type Result } from 'autocannon';

import { CONNECTIONS, PATH } from './scenario.ts';

/** The measurements of one turn. */
export interface Turn {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

export interface LoadOptions {
  key: string;
  seconds: number;
  signal: AbortSignal;
}

/**
 * Requests the page over all connections, on each again as soon as the response has arrived.
 *
 * @throws {Error} when a response is not a 200: errors are fast and would improve the measurements
 */
export async function load(url: string, { key, seconds, signal }: LoadOptions): Promise<Turn> {
  signal.throwIfAborted();
  const result = await run(
    {
      url: url + PATH,
      headers: { authorization: `Bearer ${key}` },
      connections: CONNECTIONS,
      duration: seconds,
    },
    signal,
  );
  signal.throwIfAborted();
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} requests to ${url} did not return 200`);
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
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
