import type { Database, DatabasePool } from '@greenroom/database';
import type { Logger } from 'pino';

import { PORTRAIT_TASK } from '../avatars/portrait-job-repository.ts';
import { processPortrait, sweepPortraits } from '../avatars/portrait-jobs.ts';
import { synchronizeClock } from '../common/clock.ts';
import { purgeResponses } from '../idempotency/idempotency-repository.ts';
import type { ImageProcessor } from '../images/image-processor.ts';
import { forgetWorkers } from '../workers/worker-repository.ts';
import { JobRunner } from './job-runner.ts';
import { PeriodicTasks } from './periodic-tasks.ts';

const CLOCK_SYNC_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PORTRAITS_AT_ONCE = 2;
/** The task of jobs that versions before 1.0.0 scheduled. Sessions are swept instead, so these jobs have nothing to do. */
const FORMER_DEADLINE_TASK = 'session_deadline';

/** Connections that the job runner needs at most: it listens on one and uses one for each job. */
export const JOB_CONNECTIONS = PORTRAITS_AT_ONCE + 1;

export interface BackgroundWorkOptions {
  database: Database;
  /** A separate pool, so that jobs and requests never wait for each other's connections. */
  jobs: DatabasePool;
  images: ImageProcessor;
  log: Logger;
}

/** The work of a process that no request triggers. No failure of the database ends it; `isRunning` shows its state. */
export class BackgroundWork {
  readonly #jobs: JobRunner;
  readonly #periodic: PeriodicTasks;

  constructor({ database, jobs, images, log }: BackgroundWorkOptions) {
    this.#jobs = new JobRunner(jobs, {
      tasks: {
        [PORTRAIT_TASK]: processPortrait(database, images, log),
        [FORMER_DEADLINE_TASK]: () => undefined,
      },
      concurrency: PORTRAITS_AT_ONCE,
      log,
    });
    this.#periodic = new PeriodicTasks(
      [
        { name: 'synchronize_clock', everyMs: CLOCK_SYNC_MS, run: () => synchronizeClock(database) },
        // The first time at once: a previous process may have been killed during a job.
        { name: 'sweep_portraits', everyMs: MINUTE_MS, run: sweepPortraits(database) },
        { name: 'purge_idempotency_records', everyMs: HOUR_MS, run: () => purgeResponses(database) },
        { name: 'forget_workers', everyMs: HOUR_MS, run: () => forgetWorkers(database) },
      ],
      log,
    );
  }

  /** Whether jobs are being worked on now, and no periodic task failed the last time. */
  get isRunning(): boolean {
    return this.#jobs.isRunning && this.#periodic.succeed;
  }

  start(): void {
    this.#jobs.start();
    this.#periodic.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#jobs.stop(), this.#periodic.stop()]);
  }
}
