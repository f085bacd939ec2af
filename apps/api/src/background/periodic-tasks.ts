import type { Logger } from 'pino';

/** A task that runs at an interval in every process. Concurrent runs must be harmless. */
export interface PeriodicTask {
  name: string;
  everyMs: number;
  run(): Promise<unknown>;
}

const RETRY_MS = 1_000;

/** Runs tasks at intervals, and at the start. A failed task runs again within a second. */
export class PeriodicTasks {
  readonly #tasks: readonly PeriodicTask[];
  readonly #log: Logger;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failed = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isStopping = false;

  constructor(tasks: readonly PeriodicTask[], log: Logger) {
    this.#tasks = tasks;
    this.#log = log;
  }

  /** Whether the last run of each task succeeded. */
  get isHealthy(): boolean {
    return this.#failed.size === 0;
  }

  start(): void {
    for (const task of this.#tasks) this.#begin(task);
  }

  /** Resolves when the tasks in progress are done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running.values());
  }

  #begin(task: PeriodicTask): void {
    const run = this.#run(task).then((pauseMs) => {
      if (this.#isStopping) return;
      const timer = setTimeout(() => {
        this.#begin(task);
      }, pauseMs);
      this.#timers.set(task.name, timer.unref());
    });
    this.#running.set(task.name, run);
  }

  /** Resolves with the time until the next run. */
  async #run(task: PeriodicTask): Promise<number> {
    try {
      await task.run();
      this.#failed.delete(task.name);
      return task.everyMs;
    } catch (error) {
      // Logs only the first failure of a series, so that an outage does not fill the log.
      if (!this.#failed.has(task.name)) {
        this.#log.warn({ err: error, task: task.name }, 'periodic task failed');
      }
      this.#failed.add(task.name);
      return Math.min(task.everyMs, RETRY_MS);
    }
  }
}
