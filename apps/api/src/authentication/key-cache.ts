import { LRUCache } from 'lru-cache';

import type { StoredKey } from './key-repository.ts';

/** Keys in memory. Each other key takes a query. */
const CAPACITY = 10_000;
/** Hashes without a key. A new key cannot be among them, because its secret was unknown before. */
const MISS_CAPACITY = 10_000;
const MISS_TTL_MS = 1_000;
/** A limit of an organisation that is changed by SQL takes effect in every process within this time. */
const TTL_MS = 60_000;

/**
 * Caches keys by the hash of their secret, so that authentication usually takes no query.
 *
 * It works only while the process is notified of revocations: `suspend` empties it and stores nothing until `resume`. A
 * look-up that started before the latest revocation is neither stored nor shared, since it may have read the key before
 * the change. Concurrent requests with the same key share one look-up.
 */
export class KeyCache {
  readonly #keys = new LRUCache<string, StoredKey>({ max: CAPACITY, ttl: TTL_MS });
  readonly #misses = new LRUCache<string, true>({ max: MISS_CAPACITY, ttl: MISS_TTL_MS });
  readonly #trusted = new LRUCache<string, true>({ max: CAPACITY });
  readonly #loading = new Map<string, Promise<StoredKey | null>>();
  #isNotified = false;
  #revocations = 0;

  /** Changes whenever this process is notified of a changed key or organisation. */
  get generation(): number {
    return this.#revocations;
  }

  /**
   * Whether a key was valid when it was last looked up. Kept longer than the entry, so that a valid key does not count
   * as unknown when its entry has expired or notifications are down.
   */
  isTrusted(hash: Buffer): boolean {
    return this.#trusted.get(hash.toString('base64')) === true;
  }

  /** Stops trusting a key that was revoked, has expired or was deleted. */
  distrust(hash: Buffer): void {
    this.#trusted.delete(hash.toString('base64'));
  }

  async get(hash: Buffer, load: () => Promise<StoredKey | null>): Promise<StoredKey | null> {
    const id = hash.toString('base64');
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    if (this.#misses.has(id)) return null;
    const shared = this.#loading.get(id);
    if (shared !== undefined) return shared;
    const loading = this.#load(id, load).finally(() => {
      if (this.#loading.get(id) === loading) this.#loading.delete(id);
    });
    this.#loading.set(id, loading);
    return loading;
  }

  async #load(id: string, load: () => Promise<StoredKey | null>): Promise<StoredKey | null> {
    const before = this.#revocations;
    const key = await load();
    if (key === null) this.#misses.set(id, true);
    else this.#trusted.set(id, true);
    if (key !== null && this.#isNotified && before === this.#revocations) this.#keys.set(id, key);
    return key;
  }

  /** Removes a key that has changed, or all keys of an organisation that has. */
  evict(id: string): void {
    this.#forgetLookUps();
    for (const [hash, { identity }] of this.#keys.entries()) {
      const orgId = identity.kind === 'customer' ? identity.orgId : null;
      if (identity.keyId !== id && orgId !== id) continue;
      this.#keys.delete(hash);
      this.#trusted.delete(hash);
    }
  }

  suspend(): void {
    this.#forgetLookUps();
    this.#isNotified = false;
    this.#keys.clear();
  }

  resume(): void {
    this.#isNotified = true;
  }

  /** A look-up in progress may have read the key before the revocation. */
  #forgetLookUps(): void {
    this.#revocations += 1;
    this.#loading.clear();
  }
}
