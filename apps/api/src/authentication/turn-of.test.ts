import { expect, test } from '@jest/globals';
import express from 'express';

import { KeyCache } from './key-cache.ts';
import { hashSecret, newSecret } from './key-secret.ts';
import { turnOf } from './turn-of.ts';

const known = newSecret('test').secret;
const keyCache = new KeyCache();
const turn = turnOf(keyCache, (ip) => ip ?? '');

/** Returns the turn of a request with a header. */
function turnWith(authorization: string | undefined, ip = '192.0.2.1'): string {
  const request = Object.create(express.request) as express.Request;
  Object.defineProperty(request, 'ip', { value: ip });
  request.headers = { ...(authorization !== undefined && { authorization }) };
  return turn(request);
}

test('unknown keys share the turn of their address, and a known key has a separate one', async () => {
  const unknown = () => `Bearer ${newSecret('live').secret}`;
  expect(turnWith(unknown())).toBe('address 192.0.2.1');
  expect(turnWith('Bearer nonsense')).toBe('address 192.0.2.1');
  expect(turnWith(undefined)).toBe('address 192.0.2.1');
  expect(turnWith(unknown(), '192.0.2.2')).toBe('address 192.0.2.2');

  expect(turnWith(`Bearer ${known}`)).toBe('address 192.0.2.1');
  const identity = { kind: 'worker' as const, keyId: 'wkk_1' };
  await keyCache.get(hashSecret(known), async () => ({ identity, revokedAt: null, expiresAt: null }));
  expect(turnWith(`Bearer ${known}`)).toMatch(/^key /);
  expect(turnWith(`Bearer ${known}`, '192.0.2.2')).toBe(turnWith(`bearer  ${known}`));
});
