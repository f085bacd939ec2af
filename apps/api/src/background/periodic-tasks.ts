import type { Logger } from 'pino';

/** Work that is due again and again, on every process: it must be harmless when two do it at once. */
export interface PeriodicTask {
  name: string;
  everyMs: number;
  run(): Promise<unknown>;
}

/** Runs tasks at intervals, the first time at once. One that fails is logged and due again after its interval. */
export class PeriodicTasks {
  readonly #tasks: readonly PeriodicTask[];
  readonly #log: Logger;
  readonly #running = new Map<string, Promise<void>>();
  #timers: NodeJS.Timeout[] = [];

  constructor(tasks: readonly PeriodicTask[], log: Logger) {
    this.#tasks = tasks;
    this.#log = log;
  }

  start(): void {
    for (const task of this.#tasks) {
      this.#begin(task);
      const timer = setInterval(() => {
        this.#begin(task);
      }, task.everyMs);
      this.#timers.push(timer.unref());
    }
  }

  /** Resolves when the tasks in progress are done. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await Promise.all(this.#running.values());
  }

  #begin(task: PeriodicTask): void {
    if (this.#running.has(task.name)) return;
    const run = this.#run(task).finally(() => this.#running.delete(task.name));
    this.#running.set(task.name, run);
  }

  async #run(task: PeriodicTask): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.#log.warn({ err: error, task: task.name }, 'periodic task failed');
    }
  }
}
