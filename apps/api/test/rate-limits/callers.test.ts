import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { rateLimitOf } from '../harness/rate-limit.ts';
import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const LIMITS = {
  requestsPerSecond: 4,
  createsPerSecond: 4,
  workerRequestsPerSecond: 1000,
  anonymousRequestsPerSecond: 2,
};
const BURST = 5 * LIMITS.requestsPerSecond;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ rateLimits: LIMITS, trustProxy: true });
  await server.createOrg({ id: 'limited' });
});
afterAll(() => server.close());

const newKey = async () => (await server.createKey({ orgId: 'limited' })).secret;
const from = (address: string, key: string | null = null) =>
  server.request('/v1/status', { key, headers: { 'X-Forwarded-For': address } });

async function allowed(count: number, call: (turn: number) => Promise<Response>): Promise<number> {
  let served = 0;
  for (let turn = 0; turn < count; turn += 1) {
    if ((await call(turn)).status !== 429) served += 1;
  }
  return served;
}

test('callers without a key are limited by their address', async () => {
  const burst = LIMITS.anonymousRequestsPerSecond * 5;
  const served = await allowed(burst * 3, () => from('192.0.2.1'));
  expect(served).toBeGreaterThanOrEqual(burst);
  expect(served).toBeLessThan(burst * 3);
  expect((await from('192.0.2.2')).status).toBe(200);
});

test('invalid keys share the limit of their address', async () => {
  const guess = (turn: number) => from('192.0.2.3', `sk_test_${String(turn).padStart(43, 'A')}`);
  expect(await allowed(30, guess)).toBeLessThan(30);
});

test('a caller cannot choose its address, only the nearest proxy can', async () => {
  const claim = (turn: number) => from(`203.0.113.${turn}, 192.0.2.4`);
  expect(await allowed(30, claim)).toBeLessThan(30);
});

test('an organisation’s rates override the server’s', async () => {
  const keys = await server.createOrg({
    id: 'fast',
    overrides: { requestsPerSecond: 50, createsPerSecond: 25 },
  });
  const response = await server.request('/v1/sessions', { key: keys.test });
  expect(rateLimitOf(response).get('requests')).toMatchObject({ quota: 250, windowSeconds: 5 });
});

test('/v1/limits and the headers announce the same limits', async () => {
  // Uses a new address, because with these limits one key look-up uses up the quota of an address.
  const headers = { 'X-Forwarded-For': '192.0.2.5' };
  const response = await server.request('/v1/limits', { key: await newKey(), headers });
  const { rate_limits: limits } = await read<Schemas['Limits']>(response);
  const announced = rateLimitOf(response).get('requests');
  expect(limits).toEqual([
    { name: 'requests', limit: announced?.quota, window_seconds: 5, remaining: announced?.remaining },
    { name: 'creates', limit: BURST, window_seconds: 5, remaining: BURST },
    { name: 'tests', limit: 5, window_seconds: 5, remaining: 5 },
  ]);
});
