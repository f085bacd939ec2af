import { LRUCache } from 'lru-cache';

import type { StoredKey } from './key-repository.ts';

/** Keys held in memory; the rest cost one query each. */
const CAPACITY = 10_000;
/** Hashes that belong to no key; a key made meanwhile cannot be among them, for its secret was not known before. */
const MISS_CAPACITY = 10_000;
const MISS_TTL_MS = 1_000;
/** Limits of an organisation that an operator changed reach every process within this time. */
const TTL_MS = 60_000;

/**
 * Keys by the hash of their secret, so that authentication costs no query on the hot path.
 *
 * It holds only while the process hears of revocations: `suspend` empties it and lets nothing in until
 * `resume`. A look-up that began before the latest revocation is neither stored nor shared, since it may have read the
 * key as it was before. Requests that need the same key at the same time share one look-up.
 */
export class KeyCache {
  readonly #keys = new LRUCache<string, StoredKey>({ max: CAPACITY, ttl: TTL_MS });
  readonly #misses = new LRUCache<string, true>({ max: MISS_CAPACITY, ttl: MISS_TTL_MS });
  readonly #trusted = new LRUCache<string, true>({ max: CAPACITY });
  readonly #loading = new Map<string, Promise<StoredKey | null>>();
  #hearing = false;
  #revocations = 0;

  /**
   * Whether a key was valid when it was last looked up. Outlives the entry itself, so that a caller with a valid key is
   * not taken for an unknown one whenever its entry has expired or notifications are down.
   */
  isTrusted(hash: Buffer): boolean {
    return this.#trusted.get(hash.toString('base64')) === true;
  }

  /** A key turned out to be revoked or expired. */
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
    if (key !== null && this.#hearing && before === this.#revocations) this.#keys.set(id, key);
    return key;
  }

  /** A key changed: forget it. */
  evict(keyId: string): void {
    this.#forgetLookUps();
    for (const [hash, key] of this.#keys.entries()) {
      if (key.identity.keyId !== keyId) continue;
      this.#keys.delete(hash);
      this.#trusted.delete(hash);
    }
  }

  suspend(): void {
    this.#forgetLookUps();
    this.#hearing = false;
    this.#keys.clear();
  }

  resume(): void {
    this.#hearing = true;
  }

  /** What is being looked up may have been read before the revocation. */
  #forgetLookUps(): void {
    this.#revocations += 1;
    this.#loading.clear();
  }
}
