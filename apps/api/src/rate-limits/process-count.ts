import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import { countProcesses } from './process-repository.ts';

/** Other processes detect within this time that a process joined or left. */
const REFRESH_INTERVAL_MS = 2_000;

/**
 * Keeps the number of API processes of this database up to date. It needs no heartbeat: a process that was killed is
 * gone with its connection.
 */
export class ProcessCount {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #count = 1;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
    this.#timer = setInterval(() => {
      inBackground(this.refresh(), log, 'could not count the API processes');
    }, REFRESH_INTERVAL_MS);
    this.#timer.unref();
  }

  get current(): number {
    return this.#count;
  }

  async refresh(): Promise<void> {
    try {
      this.#count = Math.max(1, await countProcesses(this.#database));
    } catch (error) {
      this.#log.warn({ err: error }, 'could not count the API processes; keeping the last count');
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
