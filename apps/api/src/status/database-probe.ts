import type { ServiceStatus } from '@greenroom/contract';
import { isDatabaseUnavailable, type Database } from '@greenroom/database';

/** One probe serves every caller within this time: neither page needs a key. */
const MAX_AGE_MS = 500;
const TIMEOUT_MS = 2_000;
/** A write that failed for want of space says more than a probe: small writes may still find room. */
const OUT_OF_SPACE_MS = 1_500;
/** A database that needs longer than this for a trivial query is in trouble. */
const SLOW_MS = 500;

/** Extends a file by about a megabyte, which a full disk does not allow: a smaller write may still find room. */
const WRITE = `DO $$ BEGIN
  CREATE TEMPORARY TABLE greenroom_write_probe ON COMMIT DROP AS
    SELECT repeat('x', 1900) FROM generate_series(1, 500);
END $$`;

/** Tells whether the database can be written, which is more than whether it responds. */
export class DatabaseProbe {
  readonly #database: Database;
  #latest: { atMs: number; status: Promise<ServiceStatus>; isPending: boolean } | null = null;
  #outOfSpaceUntilMs = 0;
  /** Since a write failed for want of space, until a probe has written. */
  #isOutOfSpace = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts the database as not writable for a moment, and then until a probe has written. */
  noteOutOfSpace(): void {
    if (!this.#isOutOfSpace) this.#latest = null;
    this.#isOutOfSpace = true;
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
    const probe = this.#canWrite().then(
      (canWrite): ServiceStatus => {
        if (!canWrite) return 'outage';
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

  async #canWrite(): Promise<boolean> {
    const { pool } = this.#database;
    // `on` on a standby, and where a server or a role was made read-only.
    const { rows } = await pool.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
    if (rows[0]?.transaction_read_only !== 'off') return false;
    if (!this.#isOutOfSpace) return true;
    try {
      await pool.query(WRITE);
    } catch (error) {
      // A role that may not create temporary tables cannot be probed like this.
      if (isDatabaseUnavailable(error)) return false;
    }
    this.#isOutOfSpace = false;
    return true;
  }
}
