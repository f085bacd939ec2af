import type { Database } from '@greenroom/database';

/** The application name of the listening connection of every API process. */
export const LISTENER_NAME = 'greenroom-api';

/** Carries the requests that processes allowed. */
export const GRANT_CHANNEL = 'greenroom_grants';

/**
 * Counts the API processes of this database: each has one listening connection, which PostgreSQL lists while it is
 * open.
 */
export async function countProcesses({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = $1`,
    [LISTENER_NAME],
  );
  return rows[0]?.count ?? 0;
}
