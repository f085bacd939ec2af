import type { components, ServiceStatus } from '@greenroom/contract';
import { isDatabaseUnavailable, type Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { DatabaseProbe } from './database-probe.ts';
import { hasLiveWorkers } from './status-repository.ts';

/** Requests within this time share one check, since the operation needs no key. */
const MAX_AGE_MS = 1_000;

type SystemStatus = components['schemas']['SystemStatus'];

/** Checks the parts of the system. */
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
      return (await hasLiveWorkers(this.#database)) ? 'operational' : 'outage';
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return 'outage';
    }
  }
}

/**
 * Returns the overall status. Nothing works without the database. Without dispatch or workers, sessions can be read and
 * stay queued.
 */
function overall({
  database,
  dispatch,
  workers,
}: Record<'database' | 'dispatch' | 'workers', ServiceStatus>): ServiceStatus {
  if (database === 'outage') return 'outage';
  const all = [database, dispatch, workers];
  return all.every((status) => status === 'operational') ? 'operational' : 'degraded';
}
