import type { components, ServiceStatus } from '@greenroom/contract';
import { isDatabaseUnavailable, type Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { DatabaseProbe } from './database-probe.ts';

/** Requests within this time share one check: the page needs no key. */
const MAX_AGE_MS = 1_000;
/** A worker not heard of for this long is gone. */
const WORKER_SEEN_SECONDS = 60;

type SystemStatus = components['schemas']['SystemStatus'];

/** Tries the parts of the system and says how they are. */
export class StatusProbe {
  readonly #database: Database;
  readonly #databaseProbe: DatabaseProbe;
  readonly #isDispatching: () => boolean;
  #latest: { at: number; status: Promise<SystemStatus> } | null = null;

  constructor(database: Database, databaseProbe: DatabaseProbe, isDispatching: () => boolean) {
    this.#database = database;
    this.#databaseProbe = databaseProbe;
    this.#isDispatching = isDispatching;
  }

  current(): Promise<SystemStatus> {
    if (this.#latest === null || performance.now() - this.#latest.at > MAX_AGE_MS) {
      this.#latest = { at: performance.now(), status: this.#check() };
    }
    return this.#latest.status;
  }

  async #check(): Promise<SystemStatus> {
    const database = await this.#databaseProbe.current();
    const workers = database === 'outage' ? 'outage' : await this.#workers();
    const dispatch: ServiceStatus = database !== 'outage' && this.#isDispatching() ? 'operational' : 'outage';
    const states = { database, dispatch, workers };
    return {
      status: overall(states),
      components: Object.entries(states).map(([name, status]) => ({ name, status })),
      updated_at: currentTime().toISOString(),
    };
  }

  async #workers(): Promise<ServiceStatus> {
    try {
      const { rows } = await this.#database.pool.query<{ workers: boolean }>(
        // A fully loaded worker does not claim; its live leases show that it is up.
        `SELECT EXISTS (SELECT 1 FROM workers WHERE last_seen_at > now() - make_interval(secs => $1))
             OR EXISTS (SELECT 1 FROM sessions WHERE lease_until > now()) AS workers`,
        [WORKER_SEEN_SECONDS],
      );
      return rows[0]?.workers === true ? 'operational' : 'outage';
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return 'outage';
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
