import type { Database } from '@greenroom/database';

const BATCH = 100;

export interface AbandonedJobOptions {
  /** The tasks whose jobs take seconds. */
  shortTasks: readonly string[];
}

/** After this time, the process of a short job counts as killed. */
const SHORT_MINUTES = 10;
/** After this time, any job counts as abandoned: the library locks a job for four hours. */
const LONG_MINUTES = 300;

/**
 * Deletes a batch of the jobs of killed processes that were replaced or removed: the library keeps them, with their
 * payloads.
 */
export async function deleteAbandonedJobs(
  { pool }: Database,
  { shortTasks }: AbandonedJobOptions,
): Promise<void> {
  const { rows } = await pool.query<{ id: string; worker: string | null }>(
    `SELECT id, locked_by AS worker FROM graphile_worker.jobs
      WHERE key IS NULL
        AND CASE WHEN locked_at IS NULL THEN attempts >= max_attempts
                 ELSE locked_at < now() - make_interval(mins => CASE WHEN task_identifier = ANY ($1) THEN $2::int ELSE $3::int END)
            END
      LIMIT $4`,
    [shortTasks, SHORT_MINUTES, LONG_MINUTES, BATCH],
  );
  if (rows.length === 0) return;
  const workers = rows.flatMap(({ worker }) => worker ?? []);
  await pool.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [workers]);
  await pool.query('SELECT count(*) FROM graphile_worker.complete_jobs($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
}
