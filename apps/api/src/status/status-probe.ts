import type { components, ServiceStatus } from '@greenroom/contract';
import { isDatabaseUnavailable, type Database } from '@greenroom/database';

/** One real check answers everybody who asks within this time: the page needs no key. */
const MAX_AGE_MS = 1_000;
const DATABASE_TIMEOUT_MS = 2_000;
/** A database slower than this to say hello is in trouble. */
const DATABASE_SLOW_MS = 500;
/** A worker not heard of for this long is gone. */
const WORKER_SEEN_SECONDS = 60;

type SystemStatus = components['schemas']['SystemStatus'];

/** Tries the parts of the system and says how they are. */
export class StatusProbe {
  readonly #database: Database;
  readonly #isDispatching: () => boolean;
  #latest: { at: number; status: Promise<SystemStatus> } | null = null;

  constructor(database: Database, isDispatching: () => boolean) {
    this.#database = database;
    this.#isDispatching = isDispatching;
  }

  current(): Promise<SystemStatus> {
    if (this.#latest === null || performance.now() - this.#latest.at > MAX_AGE_MS) {
      this.#latest = { at: performance.now(), status: this.#check() };
    }
    return this.#latest.status;
  }

  async #check(): Promise<SystemStatus> {
    const { database, workers } = await this.#askDatabase();
    const dispatch: ServiceStatus = database !== 'outage' && this.#isDispatching() ? 'operational' : 'outage';
    const states = { database, dispatch, workers };
    return {
      status: overall(states),
      components: Object.entries(states).map(([name, status]) => ({ name, status })),
      updated_at: new Date().toISOString(),
    };
  }

  async #askDatabase(): Promise<{ database: ServiceStatus; workers: ServiceStatus }> {
    const began = performance.now();
    try {
      const query = this.#database.pool.query<{ workers: boolean }>(
        // One that has all hands full claims nothing: its sessions speak for it.
        `SELECT EXISTS (SELECT 1 FROM workers WHERE last_seen_at > now() - make_interval(secs => $1))
             OR EXISTS (SELECT 1 FROM sessions WHERE lease_until > now()) AS workers`,
        [WORKER_SEEN_SECONDS],
      );
      const { rows } = await within(DATABASE_TIMEOUT_MS, query);
      const slow = performance.now() - began > DATABASE_SLOW_MS;
      return {
        database: slow ? 'degraded' : 'operational',
        workers: rows[0]?.workers ? 'operational' : 'outage',
      };
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return { database: 'outage', workers: 'outage' };
    }
  }
}

/** Without the database nothing works; without dispatch or workers sessions can be read and will wait. */
function overall({
  database,
  dispatch,
  workers,
}: Record<'database' | 'dispatch' | 'workers', ServiceStatus>): ServiceStatus {
  if (database === 'outage') return 'outage';
  const all = [database, dispatch, workers];
  return all.every((status) => status === 'operational') ? 'operational' : 'degraded';
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout exceeded when trying to connect')), milliseconds);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
