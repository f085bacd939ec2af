import type { ServiceStatus } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

/** One probe serves every caller within this time: neither page needs a key. */
const MAX_AGE_MS = 500;
const TIMEOUT_MS = 2_000;
/** A write that failed for want of space says more than a probe: small writes may still find room. */
const OUT_OF_SPACE_MS = 1_500;
/** A database that needs longer than this for a trivial query is in trouble. */
const SLOW_MS = 500;

/** Tells whether the database can be written, which is more than whether it responds. */
export class DatabaseProbe {
  readonly #database: Database;
  #latest: { atMs: number; status: Promise<ServiceStatus>; isPending: boolean } | null = null;
  #outOfSpaceUntilMs = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts the database as not writable for a moment, because a write failed for want of space. */
  noteOutOfSpace(): void {
    this.#outOfSpaceUntilMs = performance.now() + OUT_OF_SPACE_MS;
  }

  /** Resolves within two seconds, and never rejects. */
  current(): Promise<ServiceStatus> {
    if (performance.now() < this.#outOfSpaceUntilMs) return Promise.resolve('outage');
    const latest = this.#latest;
    if (latest !== null && (latest.isPending || performance.now() - latest.atMs <= MAX_AGE_MS)) {
      return latest.status;
    }
    const next = { atMs: performance.now(), status: this.#probe(), isPending: true };
    this.#latest = next;
    return next.status.finally(() => {
      next.isPending = false;
    });
  }

  #probe(): Promise<ServiceStatus> {
    const startedAtMs = performance.now();
    const probe = this.#database.pool
      // `on` on a standby, and where a server or a role was made read-only.
      .query<{ transaction_read_only: string }>('SHOW transaction_read_only')
      .then(
        ({ rows }): ServiceStatus => {
          if (rows[0]?.transaction_read_only !== 'off') return 'outage';
          return performance.now() - startedAtMs > SLOW_MS ? 'degraded' : 'operational';
        },
        (): ServiceStatus => 'outage',
      );
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        resolve('outage');
      }, TIMEOUT_MS);
      probe.then((status) => {
        clearTimeout(timer);
        resolve(status);
      }, reject);
    });
  }
}
