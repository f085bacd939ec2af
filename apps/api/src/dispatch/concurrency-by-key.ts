import pLimit, { type LimitFunction } from 'p-limit';

/** Runs work of each key a few at a time and in order; keys do not wait for each other. */
export class ConcurrencyByKey {
  readonly #atOnce: number;
  readonly #limits = new Map<string, LimitFunction>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(key) ?? pLimit(this.#atOnce);
    this.#limits.set(key, limit);
    try {
      return await limit(work);
    } finally {
      if (limit.activeCount === 0 && limit.pendingCount === 0) this.#limits.delete(key);
    }
  }
}
