import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { DatabasePool } from '@greenroom/database';
import { Logger as JobLogger, runTaskList, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Logger } from 'pino';

/** Lowers the levels of graphile-worker's messages, which are mostly for developers. */
const LOG_METHODS = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;
/** A runner that ran for this long was stable: the next one starts without delay. */
const STABLE_MS = 10_000;

export interface JobRunnerOptions {
  tasks: TaskList;
  /** The number of jobs that run at once in this process. */
  concurrency: number;
  log: Logger;
}

/**
 * Runs jobs from the database until stopped. After any failure of the runner it starts another one, with backoff and
 * for an unlimited number of times.
 */
export class JobRunner {
  readonly #database: DatabasePool;
  readonly #options: JobRunnerOptions;
  readonly #stopping = new AbortController();
  #supervising: Promise<void> | null = null;
  #isRunning = false;

  constructor(database: DatabasePool, options: JobRunnerOptions) {
    this.#database = database;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    this.#supervising ??= this.#supervise();
  }

  /** Takes no more jobs, and resolves when those in progress are done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#supervising;
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    let backoffMs = MIN_BACKOFF_MS;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      await this.#runOnce(signal);
      if (performance.now() - startedAtMs > STABLE_MS) backoffMs = MIN_BACKOFF_MS;
      // Jitter keeps processes that lost the database together from reconnecting together.
      await delay(backoffMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    }
  }

  /** Resolves when the runner has ended, even after an error. */
  async #runOnce(signal: AbortSignal): Promise<void> {
    const { tasks, concurrency, log } = this.#options;
    try {
      // The library's `run` would not do: its cron rejects uncaught when the database is unavailable.
      const events: WorkerEvents = new EventEmitter();
      const runner = runTaskList(
        { concurrency, events, noHandleSignals: true, logger: jobLogger(log) },
        tasks,
        this.#database.pool,
      );
      this.#isRunning = true;
      const stop = (): void => {
        runner.gracefulShutdown().catch((error: unknown) => {
          log.warn({ err: error }, 'job runner did not stop cleanly');
        });
      };
      // The library does not replace a worker that could not record the outcome of its job.
      events.once('worker:fatalError', stop);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      try {
        await runner.promise;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    } catch (error) {
      log.warn({ err: error }, 'job runner failed; starting it again');
    } finally {
      this.#isRunning = false;
    }
  }
}

function jobLogger(log: Logger): JobLogger {
  return new JobLogger(() => (level, message, meta) => {
    const method = LOG_METHODS[level];
    log[method]({ ...(meta?.['error'] !== undefined && { err: meta['error'] }) }, message);
  });
}
