import type { PoolClient } from 'pg';

/** The message of `pg`'s error when a query exceeds `query_timeout`. The error has no code. */
export const QUERY_TIMEOUT_MESSAGE = 'Query read timeout';

type Query = (...args: unknown[]) => unknown;

/**
 * Ends a client whose query times out, then calls `onTimeout` with the timeout of the query, in milliseconds. `pg`
 * leaves such a connection open, and a transaction would return it to the pool with the query still running.
 */
export function endOnQueryTimeout(
  client: PoolClient,
  onTimeout: (timeoutMs: number) => void,
  defaultTimeoutMs: number,
): void {
  const query = client.query.bind(client) as Query;
  const check = (error: unknown, config: unknown): void => {
    if (!(error instanceof Error) || error.message !== QUERY_TIMEOUT_MESSAGE) return;
    client.end().catch(() => undefined);
    onTimeout((config as { query_timeout?: number }).query_timeout ?? defaultTimeoutMs);
  };
  const observedQuery: Query = (...args) => {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const observedCallback = (error: unknown, ...results: unknown[]): void => {
        check(error, args[0]);
        Reflect.apply(callback, undefined, [error, ...results]);
      };
      return query(...args.slice(0, -1), observedCallback);
    }
    const result = query(...args);
    if (result instanceof Promise) {
      result.catch((error: unknown) => {
        check(error, args[0]);
      });
    }
    return result;
  };
  Object.assign(client, { query: observedQuery });
}
