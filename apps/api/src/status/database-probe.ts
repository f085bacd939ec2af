import type { ServiceStatus } from '@greenroom/contract';
import { isDatabaseUnavailable, type Database } from '@greenroom/database';

import { isWritable, probeWrite } from './status-repository.ts';

/** Requests within this time share one probe, since they need no key. */
const MAX_AGE_MS = 500;
const TIMEOUT_MS = 2_000;
/** A failed write counts for this time even if a probe succeeds, because small writes may still find space. */
const OUT_OF_SPACE_MS = 1_500;
/** A database that needs longer than this for a trivial query is degraded. */
const SLOW_MS = 500;

/** Checks whether the database accepts writes, not only whether it responds. */
export class DatabaseProbe {
  readonly #database: Database;
  #latest: { atMs: number; status: Promise<ServiceStatus>; isPending: boolean } | null = null;
  #outOfSpaceUntilMs = 0;
  /** True from a write that failed for lack of space until a successful probe. */
  #isOutOfSpace = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Reports an outage for a short time, and then until a probe succeeds. */
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
    if (!(await isWritable(this.#database))) return false;
    if (!this.#isOutOfSpace) return true;
    try {
      await probeWrite(this.#database);
    } catch (error) {
      // Other errors: a role that may not create temporary tables cannot be probed like this.
      if (isDatabaseUnavailable(error)) return false;
    }
    this.#isOutOfSpace = false;
    return true;
  }
}
