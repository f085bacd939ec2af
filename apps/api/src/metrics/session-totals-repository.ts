import type { KeyMode, SessionStatus } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

/** The live sessions of one mode and status, over all organisations. */
export interface SessionTotals {
  mode: KeyMode;
  status: SessionStatus;
  sessions: number;
  creditsReserved: number;
  /** The number of sessions that no worker has claimed. */
  unclaimed: number;
  /** The id of the oldest of them; null without one. */
  oldestUnclaimedId: string | null;
}

/** Sums up the live sessions, which are few: an assignment is deleted when its session ends. */
export async function sumUpSessions({ pool }: Database): Promise<SessionTotals[]> {
  const { rows } = await pool.query<SessionTotals>({
    name: 'sum-up-sessions',
    text: `
      SELECT mode, status, count(*)::int AS sessions, sum(credits_reserved)::float8 AS "creditsReserved",
             (count(*) FILTER (WHERE worker_id IS NULL))::int AS unclaimed,
             min(id) FILTER (WHERE worker_id IS NULL) AS "oldestUnclaimedId"
        FROM assignments GROUP BY mode, status`,
  });
  return rows;
}
