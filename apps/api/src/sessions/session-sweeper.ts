import { isDatabaseUnavailable, type Database } from '@greenroom/database';
import type { Logger } from 'pino';

import type { Tenant } from '../common/tenant.ts';
import type { DeadlineEnforcer } from './deadline-enforcer.ts';

const SWEEP_MS = 1_000;
/** Deadlines that follow each other more closely are kept together. */
const MIN_PAUSE_MS = 50;
const BATCH = 100;
/** Sessions that are moved at a time, so that many deadlines at once leave connections to requests. */
const AT_ONCE = 4;

type SessionKey = Tenant & { id: string };

interface Deadline extends SessionKey {
  deadlineAt: string;
  /** Until then; at most 0 where it has passed. */
  remainingMs: number;
}

/**
 * Looks every second, and at each deadline in between, for sessions whose deadline has passed or whose worker is lost.
 * Every process sweeps: the first one moves the session, and the others skip it. No job is scheduled for a deadline:
 * each would notify inside the transaction that sets it, and such transactions commit one after the other.
 *
 * Workers cannot report while no server or database is there to hear them, and must not lose their sessions by that. So
 * leases are kept only once the server has been listening for as long as a lease lasts.
 */
export class SessionSweeper {
  readonly #database: Database;
  readonly #enforcer: DeadlineEnforcer;
  readonly #leaseSeconds: number;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #sweeping = Promise.resolve();
  #succeeds = true;
  /** Milliseconds on the monotonic clock; infinite while the database is away. */
  #listeningSince = performance.now();

  constructor(database: Database, enforcer: DeadlineEnforcer, leaseSeconds: number, log: Logger) {
    this.#database = database;
    this.#enforcer = enforcer;
    this.#leaseSeconds = leaseSeconds;
    this.#log = log;
  }

  /** Whether the last sweep reached the database. */
  get isRunning(): boolean {
    return this.#timer !== undefined && this.#succeeds;
  }

  start(): void {
    this.#schedule(SWEEP_MS);
  }

  #schedule(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweep().then((nextMs) => {
        if (this.#timer !== undefined) this.#schedule(nextMs);
      });
    }, pauseMs);
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

  /** Resolves with the pause until the next sweep. */
  async #sweep(): Promise<number> {
    try {
      const nextMs = await this.#enforceDeadlines();
      if (performance.now() - this.#listeningSince >= this.#leaseSeconds * 1000) {
        await this.#moveAll(await this.#silent(), (tenant, id) => this.#enforcer.expireLease(tenant, id));
      }
      this.#succeeds = true;
      return nextMs;
    } catch (error) {
      // Without the database nobody could report either.
      this.#log.warn({ err: error }, 'sweep failed');
      this.#listeningSince = performance.now();
      this.#succeeds = false;
      return SWEEP_MS;
    }
  }

  /** Batch after batch, so that sessions that cannot be moved do not hide the others. */
  async #enforceDeadlines(): Promise<number> {
    let after: Deadline | undefined;
    for (;;) {
      const batch = await this.#nextDeadlines(after);
      const passed = batch.filter(({ remainingMs }) => remainingMs <= 0);
      await this.#moveAll(passed, (tenant, id) => this.#enforcer.enforceDeadline(tenant, id));
      const next = batch[passed.length];
      if (next !== undefined) return Math.max(MIN_PAUSE_MS, Math.ceil(next.remainingMs));
      if (batch.length < BATCH) return SWEEP_MS;
      after = batch.at(-1);
    }
  }

  async #moveAll(
    keys: readonly SessionKey[],
    move: (tenant: Tenant, id: string) => Promise<void>,
  ): Promise<void> {
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => this.#guarded(key, move)));
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

  /** Deadlines that have passed or will before the next sweep, the earliest first. */
  async #nextDeadlines(after: Deadline | undefined): Promise<Deadline[]> {
    const { rows } = await this.#database.pool.query<Deadline>(
      // A session that was claimed in time waits for its worker, which the lease judges.
      `SELECT org_id AS "orgId", mode, id, deadline_at::text AS "deadlineAt",
              (extract(epoch FROM deadline_at - clock_timestamp()) * 1000)::float8 AS "remainingMs"
         FROM sessions
        WHERE deadline_at < now() + make_interval(secs => $1)
          AND (deadline_at, id) > ($2::timestamptz, $3)
          AND NOT (status = 'queued' AND worker_id IS NOT NULL)
        ORDER BY deadline_at, id LIMIT $4`,
      [SWEEP_MS / 1000, after?.deadlineAt ?? '-infinity', after?.id ?? '', BATCH],
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
