import type { Database } from '@greenroom/database';

/** A job that one of all processes runs at each multiple of an interval since the epoch, which is in UTC. */
export interface RecurringJob {
  task: string;
  everySeconds: number;
  /** The delay after each multiple of the interval. */
  delaySeconds?: number;
}

/** Schedules the next run of a job. A scheduled job keeps its time, even when that is in the past. */
export async function scheduleRecurring(
  { pool }: Database,
  { task, everySeconds, delaySeconds = 0 }: RecurringJob,
): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.add_job($1::text, job_key := $1::text, job_key_mode := 'preserve_run_at',
              run_at := to_timestamp((floor(extract(epoch FROM now()) / $2::int) + 1) * $2::int + $3::int))`,
    [task, everySeconds, delaySeconds],
  );
}
