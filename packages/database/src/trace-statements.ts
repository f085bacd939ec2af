import type pg from 'pg';

/** Observes a statement. `run` sends it at once. */
export type TraceStatement = <T>(text: string, run: () => Promise<T>) => Promise<T>;

type Query = (...args: unknown[]) => Promise<unknown>;

/** Observes the statements that a pool sends outside of transactions, except those with a callback. */
export function traceQueries(pool: pg.Pool, trace: TraceStatement): void {
  const query = pool.query.bind(pool) as Query;
  const traced: Query = (...args) => {
    const [statement] = args;
    if (typeof args.at(-1) === 'function') return query(...args);
    const text = typeof statement === 'string' ? statement : (statement as pg.QueryConfig).text;
    return trace(text, () => query(...args));
  };
  Object.assign(pool, { query: traced });
}
