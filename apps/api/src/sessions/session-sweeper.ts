import { isDatabaseUnavailable, isLockConflict, type Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { findDeadlines, findExpiredLeases, type Deadline, type Lease } from './assignment-repository.ts';
import type { DeadlineEnforcer } from './deadline-enforcer.ts';

const SWEEP_INTERVAL_MS = 1_000;
/** Deadlines that are closer to each other than this are enforced together. */
const MIN_PAUSE_MS = 50;
const BATCH_SIZE = 100;
/** Limits the concurrent transitions, so that many deadlines leave connections to requests. */
const CONCURRENCY = 4;

interface Dependencies {
  database: Database;
  enforcer: DeadlineEnforcer;
  leaseSeconds: number;
  log: Logger;
}

/**
 * Enforces deadlines and leases, every second and at each deadline in between. Every process sweeps: the first one locks a
 * session, and the others skip it. Deadlines are not jobs, because scheduling a job notifies inside the transaction, and
 * PostgreSQL serialises the commits of such transactions.
 *
 * Workers cannot report while the server or the database is down, and must not lose their sessions because of it. So
 * leases are enforced only when the server has been connected for as long as a lease lasts.
 */
export class SessionSweeper {
  readonly #deps: Dependencies;
  #timer: NodeJS.Timeout | undefined;
  #sweeping = Promise.resolve();
  #lastSweepSucceeded = true;
  /** Milliseconds on the monotonic clock; infinite while disconnected. */
  #connectedSince = performance.now();

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Whether the last sweep reached the database. */
  get isRunning(): boolean {
    return this.#timer !== undefined && this.#lastSweepSucceeded;
  }

  start(): void {
    this.#schedule(SWEEP_INTERVAL_MS);
  }

  /** Call when the database was connected. */
  resume(): void {
    this.#connectedSince = performance.now();
  }

  /** Call when the database was disconnected. */
  suspend(): void {
    this.#connectedSince = Infinity;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sweeping;
  }

  #schedule(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      this.#sweeping = this.#sweep().then((nextMs) => {
        if (this.#timer !== undefined) this.#schedule(nextMs);
      });
    }, pauseMs);
  }

  /** Returns the pause until the next sweep. */
  async #sweep(): Promise<number> {
    try {
      const nextMs = await this.#enforceDeadlines();
      if (performance.now() - this.#connectedSince >= this.#deps.leaseSeconds * 1000) {
        await this.#expireLeases();
      }
      this.#lastSweepSucceeded = true;
      return nextMs;
    } catch (error) {
      // Workers could not report either.
      this.#deps.log.warn({ err: error }, 'deadline sweep failed; retrying');
      this.#connectedSince = performance.now();
      this.#lastSweepSucceeded = false;
      return SWEEP_INTERVAL_MS;
    }
  }

  /** Continues after each batch, so that sessions whose transition fails do not hide the others. */
  async #enforceDeadlines(): Promise<number> {
    const { database, enforcer } = this.#deps;
    let after: Deadline | undefined;
    for (;;) {
      const batch = await findDeadlines(database, { withinMs: SWEEP_INTERVAL_MS, after, take: BATCH_SIZE });
      const passed = batch.filter(({ remainingMs }) => remainingMs <= 0);
      await this.#applyToAll(
        passed.map(({ id }) => id),
        (id) => enforcer.enforceDeadline(id),
      );
      const next = batch[passed.length];
      if (next !== undefined) return Math.max(MIN_PAUSE_MS, Math.ceil(next.remainingMs));
      if (batch.length < BATCH_SIZE) return SWEEP_INTERVAL_MS;
      after = batch.at(-1);
    }
  }

  /** Continues after each batch, for the same reason. */
  async #expireLeases(): Promise<void> {
    const { database, enforcer } = this.#deps;
    let after: Lease | undefined;
    do {
      const batch = await findExpiredLeases(database, { after, take: BATCH_SIZE });
      await this.#applyToAll(
        batch.map(({ id }) => id),
        (id) => enforcer.expireLease(id),
      );
      after = batch.length < BATCH_SIZE ? undefined : batch.at(-1);
    } while (after !== undefined);
  }

  async #applyToAll(ids: readonly string[], enforce: (id: string) => Promise<void>): Promise<void> {
    for (let from = 0; from < ids.length; from += CONCURRENCY) {
      await Promise.all(ids.slice(from, from + CONCURRENCY).map((id) => this.#applyToOne(id, enforce)));
    }
  }

  /** Logs the error of a session whose transition fails, so that the others are not affected. */
  async #applyToOne(id: string, enforce: (id: string) => Promise<void>): Promise<void> {
    try {
      await enforce(id);
    } catch (error) {
      // Another process has locked it.
      if (isLockConflict(error)) return;
      if (isDatabaseUnavailable(error)) throw error;
      this.#deps.log.error({ err: error, session: id }, 'session transition failed');
    }
  }
}
