import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';

/** A process that joined or left is known to the others within this time. */
const REFRESH_INTERVAL_MS = 2_000;

/** The name by which the listening connection of every API process is known to PostgreSQL. */
export const LISTENER_NAME = 'greenroom-api';

/**
 * How many API processes serve this database now: each holds one listening connection, and PostgreSQL knows
 * which are open. No heartbeat to write, and a process that was killed is gone with its connection.
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
      const { rows } = await this.#database.pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = $1`,
        [LISTENER_NAME],
      );
      this.#count = Math.max(1, rows[0]?.count ?? 1);
    } catch (error) {
      this.#log.warn({ err: error }, 'could not count the API processes; keeping the last count');
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
