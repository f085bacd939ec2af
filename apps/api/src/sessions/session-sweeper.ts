import { isDatabaseUnavailable, type Database } from '@greenroom/database';
import type { Logger } from 'pino';

import type { Tenant } from '../common/tenant.ts';
import type { SessionDeadlines } from './session-deadlines.ts';

const SWEEP_MS = 1_000;
/** Deadlines are kept by jobs; one that is this late was missed by them. */
const JOB_LATENESS_SECONDS = 10;
const BATCH = 100;

type SessionKey = Tenant & { id: string };

/**
 * Looks every second for sessions whose worker is lost or whose deadline was missed. Every process sweeps: who comes
 * first moves the session, the others see that it has moved.
 *
 * Workers cannot report while no server or database is there to hear them, and must not lose their sessions by that. So
 * leases are kept only once the server has been listening for as long as a lease lasts.
 */
export class SessionSweeper {
  readonly #database: Database;
  readonly #deadlines: SessionDeadlines;
  readonly #leaseSeconds: number;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #sweeping = Promise.resolve();
  /** Milliseconds on the monotonic clock; infinite while the database is away. */
  #listeningSince = performance.now();

  constructor(database: Database, deadlines: SessionDeadlines, leaseSeconds: number, log: Logger) {
    this.#database = database;
    this.#deadlines = deadlines;
    this.#leaseSeconds = leaseSeconds;
    this.#log = log;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweep().finally(() => {
        if (this.#timer !== undefined) this.start();
      });
    }, SWEEP_MS);
  }

  /** The database is there (again). */
  resume(): void {
    this.#listeningSince = performance.now();
  }

  /** The database is away. */
  suspend(): void {
    this.#listeningSince = Infinity;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    try {
      for (const key of await this.#overdue()) {
        await this.#guarded(key, (tenant, id) => this.#deadlines.keepDeadline(tenant, id));
      }
      if (performance.now() - this.#listeningSince < this.#leaseSeconds * 1000) return;
      for (const key of await this.#silent()) {
        await this.#guarded(key, (tenant, id) => this.#deadlines.keepLease(tenant, id));
      }
    } catch (error) {
      // Without the database nobody could report either.
      this.#log.warn({ err: error }, 'sweep failed');
      this.#listeningSince = performance.now();
    }
  }

  /** One session that cannot be moved keeps no other from being moved. */
  async #guarded(
    { id, ...tenant }: SessionKey,
    move: (tenant: Tenant, id: string) => Promise<void>,
  ): Promise<void> {
    try {
      await move(tenant, id);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.#log.error({ err: error, session: id }, 'session cannot be moved');
    }
  }

  async #overdue(): Promise<SessionKey[]> {
    const { rows } = await this.#database.pool.query<SessionKey>(
      `SELECT org_id AS "orgId", mode, id FROM sessions
        WHERE deadline_at < now() - make_interval(secs => $1) ORDER BY deadline_at LIMIT $2`,
      [JOB_LATENESS_SECONDS, BATCH],
    );
    return rows;
  }

  async #silent(): Promise<SessionKey[]> {
    const { rows } = await this.#database.pool.query<SessionKey>(
      `SELECT org_id AS "orgId", mode, id FROM sessions
        WHERE lease_until < now() ORDER BY lease_until LIMIT $1`,
      [BATCH],
    );
    return rows;
  }
}
