import type { Database } from '@greenroom/database';

/** A worker without a claim for this time is gone. */
const WORKER_SEEN_SECONDS = 60;

/** Extends a file by about a megabyte, which a full disk does not allow. A smaller write may still find space. */
const WRITE = `DO $$ BEGIN
  CREATE TEMPORARY TABLE greenroom_write_probe ON COMMIT DROP AS
    SELECT repeat('x', 1900) FROM generate_series(1, 500);
END $$`;

/** Resolves with whether the connection may write: not on a standby, or with a read-only server or role. */
export async function isWritable({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
  return rows[0]?.transaction_read_only === 'off';
}

/** Writes about a megabyte to a temporary table. Rejects when the disk is full. */
export async function probeWrite({ pool }: Database): Promise<void> {
  await pool.query(WRITE);
}

/** Resolves with whether a worker is up: it claims, or holds a lease. A fully loaded worker does not claim. */
export async function hasLiveWorkers({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ workers: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM workers WHERE last_seen_at > now() - make_interval(secs => $1))
         OR EXISTS (SELECT 1 FROM assignments WHERE lease_until > now()) AS workers`,
    [WORKER_SEEN_SECONDS],
  );
  return rows[0]?.workers === true;
}
