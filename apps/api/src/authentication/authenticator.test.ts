import { expect, test } from '@jest/globals';
import express from 'express';

import { fairnessKeyOf } from './authenticator.ts';
import { KeyCache } from './key-cache.ts';
import { hashSecret, newSecret } from './key-secret.ts';

const known = newSecret('test').secret;
const keyCache = new KeyCache();
const fairnessKey = fairnessKeyOf(keyCache, (ip) => ip ?? '');

/** Returns the key of a request with a header. */
function keyWith(authorization: string | undefined, ip = '192.0.2.1'): string {
  const request = Object.create(express.request) as express.Request;
  Object.defineProperty(request, 'ip', { value: ip });
  request.headers = { ...(authorization !== undefined && { authorization }) };
  return fairnessKey(request);
}

test('in the order of requests, unknown keys share the turn of their address, and a known key has a separate one', async () => {
  const unknown = () => `Bearer ${newSecret('live').secret}`;
  expect(keyWith(unknown())).toBe('address 192.0.2.1');
  expect(keyWith('Bearer nonsense')).toBe('address 192.0.2.1');
  expect(keyWith(undefined)).toBe('address 192.0.2.1');
  expect(keyWith(unknown(), '192.0.2.2')).toBe('address 192.0.2.2');

  expect(keyWith(`Bearer ${known}`)).toBe('address 192.0.2.1');
  const identity = { kind: 'worker' as const, keyId: 'wkk_1' };
  await keyCache.get(hashSecret(known), async () => ({ identity, revokedAt: null, expiresAt: null }));
  expect(keyWith(`Bearer ${known}`)).toMatch(/^key /);
  expect(keyWith(`Bearer ${known}`, '192.0.2.2')).toBe(keyWith(`bearer  ${known}`));
});
