import type { Database, DatabasePool } from '@greenroom/database';
import type { Logger } from 'pino';

import { PORTRAIT_TASK, processPortrait, sweepPortraits } from '../avatars/portrait-jobs.ts';
import { synchronizeClock } from '../common/clock.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { DEADLINE_TASK } from '../sessions/deadline-jobs.ts';
import type { SessionDeadlines } from '../sessions/session-deadlines.ts';
import { forgetWorkers } from '../workers/worker-repository.ts';
import { JobRunner } from './job-runner.ts';
import { PeriodicTasks } from './periodic-tasks.ts';

const CLOCK_SYNC_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEADLINES_AT_ONCE = 4;
const PORTRAITS_AT_ONCE = 2;

/** Connections that the job runners need at most: each listens on one and uses one for each job. */
export const JOB_CONNECTIONS = DEADLINES_AT_ONCE + PORTRAITS_AT_ONCE + 2;

export interface BackgroundWorkOptions {
  database: Database;
  /** A separate pool, so that jobs and requests never wait for each other's connections. */
  jobs: DatabasePool;
  deadlines: SessionDeadlines;
  pictures: Pictures;
  log: Logger;
}

/** The work of a process that no request triggers. No failure of the database ends it; `isRunning` shows its state. */
export class BackgroundWork {
  readonly #deadlines: JobRunner;
  readonly #portraits: JobRunner;
  readonly #periodic: PeriodicTasks;

  constructor({ database, jobs, deadlines, pictures, log }: BackgroundWorkOptions) {
    this.#deadlines = new JobRunner(jobs, {
      tasks: { [DEADLINE_TASK]: deadlines.keep },
      concurrency: DEADLINES_AT_ONCE,
      log,
    });
    // A separate runner, so that deadlines never wait behind portraits.
    this.#portraits = new JobRunner(jobs, {
      tasks: { [PORTRAIT_TASK]: processPortrait(database, pictures, log) },
      concurrency: PORTRAITS_AT_ONCE,
      log,
    });
    this.#periodic = new PeriodicTasks(
      [
        { name: 'synchronize_clock', everyMs: CLOCK_SYNC_MS, run: () => synchronizeClock(database) },
        // The first time at once: a previous process may have been killed during a job.
        { name: 'sweep_portraits', everyMs: MINUTE_MS, run: sweepPortraits(database) },
        { name: 'purge_idempotency_records', everyMs: HOUR_MS, run: () => purgeIdempotencyRecords(database) },
        { name: 'forget_workers', everyMs: HOUR_MS, run: () => forgetWorkers(database) },
      ],
      log,
    );
  }

  /** Whether jobs are being worked on now. */
  get isRunning(): boolean {
    return this.#deadlines.isRunning && this.#portraits.isRunning;
  }

  start(): void {
    this.#deadlines.start();
    this.#portraits.start();
    this.#periodic.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#deadlines.stop(), this.#portraits.stop(), this.#periodic.stop()]);
  }
}

async function purgeIdempotencyRecords({ pool }: Database): Promise<void> {
  await pool.query('DELETE FROM idempotency_records WHERE expires_at < now()');
}
