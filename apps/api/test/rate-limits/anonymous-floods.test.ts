import { randomBytes } from 'node:crypto';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';

import { LISTENER_NAME } from '../../src/rate-limits/process-repository.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

/** The burst of an address: five seconds of one request per second. */
const BURST = 5;
const FLOOD = 40;

let server: TestServer;
let limited: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  limited = await server.another({
    trustProxy: true,
    rateLimits: {
      requestsPerSecond: 100,
      createsPerSecond: 20,
      workerRequestsPerSecond: 1000,
      anonymousRequestsPerSecond: 1,
    },
  });
});
afterAll(() => server.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const inventedKey = () => `sk_test_${randomBytes(32).toString('base64url')}`;
let addresses = 0;
const newAddress = () => `198.51.100.${(addresses += 1)}`;

function send(path: string, address: string, key: string | null, method = 'GET'): Promise<Response> {
  return limited.request(path, { method, key, headers: { 'X-Forwarded-For': address } });
}

const statusesOf = async (responses: Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(responses)).map(({ status }) => status);

test.each([
  ['an operation', 'GET', '/v1/sessions'],
  ['an operation without a rate limit', 'POST', '/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE/end'],
  ['an operation of workers', 'POST', '/internal/v1/workers'],
  ['a path that does not exist', 'GET', '/v1/nothing'],
])(
  'a flood of invented keys on %s ends at the limiter and not at the database',
  async (_name, method, path) => {
    const address = newAddress();
    const query = jest.spyOn(limited.serverDatabase.pool, 'query');
    const statuses = await statusesOf(
      Array.from({ length: FLOOD }, () => send(path, address, inventedKey(), method)),
    );
    const lookUps = query.mock.calls.filter(([statement]) =>
      JSON.stringify(statement).includes('key-by-hash'),
    );
    // Plus one for each second of the flood.
    expect(lookUps.length).toBeLessThan(BURST + FLOOD / 4);
    expect(statuses.filter((status) => status === 429).length).toBe(FLOOD - lookUps.length);
  },
);

test('a caller with a known key is served at an address that also sends a flood', async () => {
  const address = newAddress();
  expect((await send('/v1/sessions', newAddress(), limited.keys.test)).status).toBe(200);
  await statusesOf(Array.from({ length: FLOOD }, () => send('/v1/sessions', address, inventedKey())));
  expect((await send('/v1/sessions', address, limited.keys.test)).status).toBe(200);
});

test('a revoked key is limited like a missing key', async () => {
  const { id, secret } = await limited.createKey();
  expect((await send('/v1/sessions', newAddress(), secret)).status).toBe(200);
  await limited.request(`/v1/api_keys/${id}`, { method: 'DELETE' });
  const address = newAddress();
  await until(async () => (await send('/v1/sessions', newAddress(), secret)).status === 401);
  const statuses = await statusesOf(
    Array.from({ length: FLOOD }, () => send('/v1/sessions', address, secret)),
  );
  expect(statuses).toContain(429);
});

test('a key that no longer exists is limited like a missing key', async () => {
  const { id, secret } = await limited.createKey();
  const own = newAddress();
  expect((await send('/v1/sessions', own, secret)).status).toBe(200);
  // Like the deletion of an organisation while notifications are down, when the process caches no keys.
  await limited.database.prisma.$executeRaw`DELETE FROM api_keys WHERE id = ${id}`;
  await limited.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = $1`,
    [LISTENER_NAME],
  );
  await until(async () => (await send('/v1/sessions', newAddress(), secret)).status === 401);
  const address = newAddress();
  const statuses = await statusesOf(
    Array.from({ length: FLOOD }, () => send('/v1/sessions', address, secret)),
  );
  expect(statuses).toContain(429);
});

test('an unknown key is looked up at most once a second', async () => {
  const query = jest.spyOn(limited.serverDatabase.pool, 'query');
  const key = inventedKey();
  for (let count = 0; count < 4; count += 1) {
    expect((await send('/v1/sessions', newAddress(), key)).status).toBe(401);
  }
  const lookUps = query.mock.calls.filter(([statement]) => JSON.stringify(statement).includes('key-by-hash'));
  expect(lookUps.length).toBeLessThan(4);
});

test('all addresses of an IPv6 /64 network share one limit', async () => {
  const inNetwork = (host: number) => send('/v1/sessions', `2001:db8:0:1::${host}`, null);
  const statuses = await statusesOf(Array.from({ length: FLOOD }, (_, host) => inNetwork(host + 1)));
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  expect((await send('/v1/sessions', '2001:db8:0:2::1', null)).status).toBe(401);
});
