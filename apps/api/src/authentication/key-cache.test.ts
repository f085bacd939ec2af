import { expect, test } from '@jest/globals';

import { KeyCache } from './key-cache.ts';
import type { StoredKey } from './key-repository.ts';

const HASH = Buffer.from('hash');
const KEY: StoredKey = {
  identity: { kind: 'worker', keyId: 'key_1' },
  expiresAt: null,
  revokedAt: null,
};

/** Look-ups that the test completes. */
function lookUps() {
  const pending: ((key: StoredKey | null) => void)[] = [];
  return {
    pending,
    load: () => new Promise<StoredKey | null>((resolve) => pending.push(resolve)),
  };
}

test('requests with the same key share one look-up', async () => {
  const cache = new KeyCache();
  cache.resume();
  const { pending, load } = lookUps();
  const requests = [1, 2, 3].map(() => cache.get(HASH, load));
  expect(pending).toHaveLength(1);
  pending[0]?.(KEY);
  expect(await Promise.all(requests)).toEqual([KEY, KEY, KEY]);
});

test('a request after a revocation does not share the look-up that began before it', async () => {
  const cache = new KeyCache();
  cache.resume();
  const { pending, load } = lookUps();
  const before = cache.get(HASH, load);
  cache.evict('key_1');
  const after = cache.get(HASH, load);
  const revoked = { ...KEY, revokedAt: new Date(0) };
  pending[0]?.(KEY);
  pending[1]?.(revoked);
  expect(await before).toEqual(KEY);
  expect(await after).toEqual(revoked);
  expect(await cache.get(HASH, () => Promise.reject(new Error('not cached')))).toEqual(revoked);
});

test('the next request retries a failed look-up', async () => {
  const cache = new KeyCache();
  cache.resume();
  await expect(cache.get(HASH, () => Promise.reject(new Error('no database')))).rejects.toThrow(
    'no database',
  );
  expect(await cache.get(HASH, () => Promise.resolve(KEY))).toEqual(KEY);
});
