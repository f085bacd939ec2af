import type { Database, DatabasePool } from '@greenroom/database';
import type { Logger } from 'pino';

import { grantIncludedCredits } from '../accounts/included-credits-repository.ts';
import { PORTRAIT_TASK } from '../avatars/portrait-job-repository.ts';
import { processPortrait, sweepPortraits } from '../avatars/portrait-jobs.ts';
import { synchronizeClock } from '../common/clock.ts';
import type { RetentionConfig } from '../common/config.ts';
import type { EventNotifier } from '../dispatch/dispatch-notifier.ts';
import { purgeResponses } from '../idempotency/idempotency-repository.ts';
import type { ImageProcessor } from '../images/image-processor.ts';
import { purgeExpired } from '../retention/purge.ts';
import type { WebhookDeliverer } from '../webhooks/webhook-deliverer.ts';
import type { EndpointKey } from '../webhooks/webhook-endpoint-repository.ts';
import { WEBHOOK_TASK } from '../webhooks/webhook-queue-repository.ts';
import { deleteUnseenWorkers } from '../workers/worker-repository.ts';
import { deleteAbandonedJobs } from './abandoned-job-repository.ts';
import { JobRunner } from './job-runner.ts';
import { PeriodicTasks } from './periodic-tasks.ts';
import { scheduleRecurring, type RecurringJob } from './recurring-job-repository.ts';

const CLOCK_SYNC_MS = 10_000;
const SWEEP_WEBHOOKS_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PORTRAITS_AT_ONCE = 2;
/**
 * Runs at the beginning of each hour, and so of each month. The delay is much longer than the difference between the
 * database's clock, which starts the job, and a process's estimate of it, which names the month.
 */
const CREDITS_JOB: RecurringJob = { task: 'grant_included_credits', everySeconds: 3_600, delaySeconds: 5 };
const PURGE_JOB: RecurringJob = { task: 'purge_expired', everySeconds: 86_400, delaySeconds: 3 * 3_600 };
/** Shorter than the interval of every job, so that each is rescheduled in time. */
const SCHEDULE_MS = 10 * MINUTE_MS;
/** The task of jobs that versions before 1.0.0 scheduled. A sweeper does their work now. */
const FORMER_DEADLINE_TASK = 'session_deadline';

/** These jobs only wake deliverers, so they do not wait for portraits. */
const WAKES_AT_ONCE = 1;

/** The connections of the job runners: one per runner to listen, and one per concurrent job. */
export const JOB_CONNECTIONS = PORTRAITS_AT_ONCE + 1 + WAKES_AT_ONCE + 1;

export interface BackgroundWorkOptions {
  database: Database;
  /** A separate pool, so that jobs and requests do not wait for each other's connections. */
  jobs: DatabasePool;
  images: ImageProcessor;
  notifier: EventNotifier;
  deliverer: WebhookDeliverer;
  retention: RetentionConfig;
  log: Logger;
}

/** Runs jobs and periodic tasks. It survives failures of the database; `isRunning` shows its state. */
export class BackgroundWork {
  readonly #jobs: JobRunner;
  readonly #wakes: JobRunner;
  readonly #periodic: PeriodicTasks;
  /** Stops long jobs between two of their transactions. */
  readonly #stopping = new AbortController();

  constructor({ database, jobs, images, notifier, deliverer, retention, log }: BackgroundWorkOptions) {
    const { signal } = this.#stopping;
    this.#jobs = new JobRunner(jobs, {
      tasks: {
        [PORTRAIT_TASK]: processPortrait({ database, images, notifier, log }),
        [FORMER_DEADLINE_TASK]: () => undefined,
        [CREDITS_JOB.task]: () => grantIncludedCredits(database, { signal }),
        [PURGE_JOB.task]: () => purgeExpired(database, retention, { signal }),
      },
      concurrency: PORTRAITS_AT_ONCE,
      log,
    });
    this.#wakes = new JobRunner(jobs, {
      tasks: {
        [WEBHOOK_TASK]: (endpoint) => {
          deliverer.wake(endpoint as EndpointKey);
        },
      },
      concurrency: WAKES_AT_ONCE,
      log,
    });
    this.#periodic = new PeriodicTasks(
      [
        { name: 'synchronize_clock', everyMs: CLOCK_SYNC_MS, run: () => synchronizeClock(database) },
        // Runs at the start too: a previous process may have been killed during a job.
        { name: 'sweep_portraits', everyMs: MINUTE_MS, run: sweepPortraits(database) },
        {
          name: 'delete_abandoned_jobs',
          everyMs: MINUTE_MS,
          run: () => deleteAbandonedJobs(database, { shortTasks: [PORTRAIT_TASK, WEBHOOK_TASK] }),
        },
        { name: 'purge_idempotency_records', everyMs: HOUR_MS, run: () => purgeResponses(database) },
        { name: 'sweep_webhooks', everyMs: SWEEP_WEBHOOKS_MS, run: () => deliverer.sweep() },
        ...[CREDITS_JOB, PURGE_JOB].map((job) => ({
          name: `schedule_${job.task}`,
          everyMs: SCHEDULE_MS,
          run: () => scheduleRecurring(database, job),
        })),
        { name: 'delete_unseen_workers', everyMs: HOUR_MS, run: () => deleteUnseenWorkers(database) },
      ],
      log,
    );
  }

  /** Whether the job runner runs and the last run of each periodic task succeeded. */
  get isRunning(): boolean {
    return this.#jobs.isRunning && this.#wakes.isRunning && this.#periodic.isHealthy;
  }

  start(): void {
    this.#jobs.start();
    this.#wakes.start();
    this.#periodic.start();
  }

  /** Stops waking endpoints. Other processes send the deliveries that become due. */
  async stopWaking(): Promise<void> {
    await this.#wakes.stop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#jobs.stop(), this.#wakes.stop(), this.#periodic.stop()]);
  }
}
