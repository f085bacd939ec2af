import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { revokeApiKey } from '../../src/api-keys/api-key-repository.ts';
import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let second: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  second = await server.another();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await second.close();
  await server.close();
});

/** Counts the statements that look up a key while `work` runs. */
async function lookUps(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(server.serverDatabase.pool, 'query');
  await work();
  const count = query.mock.calls.filter(([statement]) =>
    JSON.stringify(statement).includes('key-by-hash'),
  ).length;
  query.mockRestore();
  return count;
}

const get = (on: TestServer, key: string) => on.request('/v1/limits', { key });
const statusOn = async (on: TestServer, key: string) => (await get(on, key)).status;

test('a cached key is not looked up again', async () => {
  const { secret } = await server.createKey();
  expect(await lookUps(() => get(server, secret))).toBe(1);
  expect(await lookUps(() => Promise.all(Array.from({ length: 20 }, () => get(server, secret))))).toBe(0);
});

test('a malformed key is never looked up', async () => {
  expect(await lookUps(() => get(server, 'sk_test_tooshort'))).toBe(0);
});

test('a new key works in every process at once', async () => {
  const created = await server.request('/v1/api_keys', {
    method: 'POST',
    json: { name: 'fresh', scopes: ['sessions:read'] },
  });
  const { secret } = (await created.json()) as { secret: string };
  expect(await statusOn(second, secret)).toBe(200);
  expect(await statusOn(server, secret)).toBe(200);
});

/** A second on an idle machine. Without notifications, a process would keep the key for a minute. */
const REVOKED_WITHIN_MS = 10_000;

describe('a revoked key soon stops working in every process', () => {
  async function expectRevocation(prepare: () => Promise<unknown> = async () => undefined) {
    const { id, secret } = await server.createKey();
    for (const process of [server, second]) {
      expect(await statusOn(process, secret)).toBe(200);
      expect(await statusOn(process, secret)).toBe(200);
    }
    await prepare();
    expect(await revokeApiKey(server.database, { orgId: 'dev', mode: 'test' }, id, SYSTEM)).toBe(true);
    await until(async () => (await statusOn(second, secret)) === 401, REVOKED_WITHIN_MS);
    await until(async () => (await statusOn(server, secret)) === 401, REVOKED_WITHIN_MS);
  }

  test('with notifications', () => expectRevocation());

  test('when the listening connections are killed just before', () =>
    expectRevocation(() =>
      server.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'greenroom-api'`,
      ),
    ));

  test('and keys are cached again once the connections are back', async () => {
    const { secret } = await server.createKey();
    await until(async () => {
      await get(server, secret);
      return (await lookUps(() => get(server, secret))) === 0;
    });
  });
});

test('the last use of a key is recorded', async () => {
  const process = await server.another();
  const { id, secret } = await server.createKey();
  // By the database's clock, which the process estimates to within a round trip.
  const before = Date.now() - 1_000;
  await get(process, secret);
  await process.close();
  const listed = await server.request('/v1/api_keys?limit=100');
  const { data } = (await listed.json()) as { data: { id: string; last_used_at: string | null }[] };
  const lastUsedAt = data.find((key) => key.id === id)?.last_used_at ?? '';
  expect(new Date(lastUsedAt).getTime()).toBeGreaterThanOrEqual(before);
  expect(new Date(lastUsedAt).getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
});
