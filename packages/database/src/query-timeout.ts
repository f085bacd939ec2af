import type { PoolClient } from 'pg';

/** What `pg` says when a query exceeds `query_timeout`; it has no code. */
export const QUERY_TIMEOUT_MESSAGE = 'Query read timeout';

type Query = (...args: unknown[]) => unknown;

/**
 * Ends a client whose query times out, and then calls `onTimeout`. `pg` leaves such a connection open, and a
 * transaction would give it back to the pool with the unanswered query still on it.
 */
export function boundQueries(client: PoolClient, onTimeout: () => void): void {
  const query = client.query.bind(client) as Query;
  const check = (error: unknown): void => {
    if (!(error instanceof Error) || error.message !== QUERY_TIMEOUT_MESSAGE) return;
    client.end().catch(() => undefined);
    onTimeout();
  };
  const bounded: Query = (...args) => {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const observed = (error: unknown, ...results: unknown[]): void => {
        check(error);
        Reflect.apply(callback, undefined, [error, ...results]);
      };
      return query(...args.slice(0, -1), observed);
    }
    const result = query(...args);
    if (result instanceof Promise) result.catch(check);
    return result;
  };
  Object.assign(client, { query: bounded });
}
