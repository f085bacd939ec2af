import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { revokeWorkerKey } from '../../src/workers/worker-key-repository.ts';
import { createWorkerKey } from '../../src/workers/worker-key-service.ts';
import { errorOf } from '../harness/error-response.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Every process is notified of a revocation within a second. Without it, it would keep the key for a minute. */
const REVOKED_WITHIN_MS = 10_000;
const isRefused = (secret: string) => async () =>
  (await server.request('/v1/sessions', { key: secret })).status === 401;

async function refused(authorization: string | null) {
  const headers: Record<string, string> = authorization === null ? {} : { Authorization: authorization };
  const response = await server.request('/v1/sessions', { key: null, headers });
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="greenroom"/);
  const { status, code } = await errorOf(response);
  expect(status).toBe(401);
  return code;
}

test('a request without a key gets a specific error', async () => {
  expect(await refused(null)).toBe('api_key.missing');
  expect(await refused('')).toBe('api_key.missing');
  expect(await refused('   ')).toBe('api_key.missing');
});

describe('a malformed key is rejected without a look-up', () => {
  const A = 'A'.repeat(43);
  test.each([
    ['a bare bearer', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Basic c2s6'],
    ['no scheme', `sk_test_${A}`],
    ['a truncated key', 'Bearer sk_test_abc'],
    ['a key that is too long', `Bearer sk_test_${A}A`],
    ['another prefix', `Bearer pk_test_${A}`],
    ['another mode', `Bearer sk_prod_${A}`],
    ['two keys', `Bearer sk_test_${A} sk_test_${A}`],
    ['a list', `Bearer sk_test_${A}, Bearer sk_test_${A}`],
    ['quotes', `Bearer "sk_test_${A}"`],
    ['characters that no key has', `Bearer sk_test_${'+'.repeat(43)}`],
    ['a very long one', `Bearer sk_test_${'A'.repeat(8000)}`],
    ['SQL', "Bearer ' OR 1=1 --"],
  ])('%s', async (_name, authorization) => {
    expect(await refused(authorization)).toMatch(/^api_key\.(malformed|missing)$/);
  });
});

test('the authentication scheme is case-insensitive', async () => {
  for (const scheme of ['bearer', 'BEARER']) {
    const headers = { Authorization: `${scheme} ${server.keys.test}` };
    expect((await server.request('/v1/sessions', { key: null, headers })).status).toBe(200);
  }
});

test('an unknown key is rejected', async () => {
  expect(await refused(`Bearer sk_test_${'A'.repeat(43)}`)).toBe('api_key.unknown');
  expect(await refused(`Bearer wk_${'A'.repeat(43)}`)).toBe('api_key.unknown');
  expect(await refused(`Bearer ${server.keys.test.replace('sk_test', 'sk_live')}`)).toBe('api_key.unknown');
});

test('an expired key is rejected as expired, cached or not', async () => {
  const past = await server.createKey({ expiresAt: new Date(Date.now() - 1000) });
  expect(await refused(`Bearer ${past.secret}`)).toBe('api_key.expired');

  const soon = await server.createKey({ expiresAt: new Date(Date.now() + 4_000) });
  expect((await server.request('/v1/sessions', { key: soon.secret })).status).toBe(200);
  await until(isRefused(soon.secret));
  expect(await refused(`Bearer ${soon.secret}`)).toBe('api_key.expired');
});

test('a revoked key is rejected as revoked long before its cache entry expires', async () => {
  const { id, secret } = await server.createKey();
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(200);
  expect((await server.request(`/v1/api_keys/${id}`, { method: 'DELETE' })).status).toBe(204);
  await until(isRefused(secret), REVOKED_WITHIN_MS);
  expect(await refused(`Bearer ${secret}`)).toBe('api_key.revoked');
});

test('a revoked worker key is rejected in the same way', async () => {
  const { id, secret } = await createWorkerKey(server.database, 'retired', SYSTEM);
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(403);
  await revokeWorkerKey(server.database, id, SYSTEM);
  await until(isRefused(secret), REVOKED_WITHIN_MS);
  expect(await refused(`Bearer ${secret}`)).toBe('api_key.revoked');
});

test('a request is authenticated before its other errors are reported', async () => {
  for (const [path, init] of [
    ['/v1/sessions?limit=0', {}],
    ['/v1/sessions/nonsense', {}],
    ['/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{' }],
    [
      '/v1/sessions',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: 'x'.repeat(2_000_000) },
    ],
  ] as const) {
    expect((await server.request(path, { ...init, key: null })).status).toBe(401);
  }
});
