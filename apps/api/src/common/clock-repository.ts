import type { DatabasePool } from '@greenroom/database';

/** Returns the time of PostgreSQL's clock in milliseconds since the epoch. */
export async function databaseTimeMs({ pool }: DatabasePool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  );
  if (rows[0] === undefined) throw new Error('PostgreSQL returned no time.');
  return rows[0].now;
}
