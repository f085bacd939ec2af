import { sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from 'pg';

import { lockHolder } from '../harness/connections.ts';
import { errorOf } from '../harness/error-response.ts';
import { read, type Session } from '../harness/responses.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const create = (key: string, json: unknown, to = server) =>
  to.request('/v1/sessions', { method: 'POST', json, headers: { 'Idempotency-Key': key } });

/** Returns the backends that wait for a lock of this connection. */
async function blockedBy(blocker: Client): Promise<number[]> {
  const { rows } = await blocker.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
  );
  return rows.map(({ pid }) => pid);
}

/** Blocks every create at the end of its transaction while `work` runs. */
async function whileCreatesAreBlocked(work: (blocker: Client) => Promise<void>): Promise<void> {
  const blocker = await lockHolder(server);
  try {
    // Blocks writes of records, but no reads.
    await blocker.query('LOCK TABLE idempotency_records IN SHARE MODE');
    await work(blocker);
  } finally {
    await blocker.end();
  }
}

test('twenty concurrent requests with one key, on two servers, create one session', async () => {
  const second = await server.another();
  const body = await sessionCreate();
  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => create('twenty', body, index % 2 === 0 ? server : second)),
  );
  const created = responses.filter(({ status }) => status === 201);
  const ids = await Promise.all(created.map(async (response) => (await read<Session>(response)).id));
  expect(new Set(ids).size).toBe(1);
  for (const response of responses.filter(({ status }) => status !== 201)) {
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await errorOf(response)).toEqual({
      status: 409,
      code: 'idempotency_key.in_use',
      param: 'Idempotency-Key',
    });
  }
  const { room_name: roomName } = body.transport;
  expect(await server.database.prisma.session.count({ where: { roomName } })).toBe(1);
  expect(await server.database.prisma.idempotencyRecord.count({ where: { key: 'twenty' } })).toBe(1);
  await second.close();
});

test('a request with a key in use must be retried, and then gets the first response', async () => {
  const body = await sessionCreate();
  let first: Promise<Response> | undefined;
  await whileCreatesAreBlocked(async (blocker) => {
    first = create('in-flight', body);
    await until(async () => (await blockedBy(blocker)).length > 0);
    const early = await create('in-flight', body);
    expect(early.headers.get('retry-after')).toBe('1');
    expect(await errorOf(early)).toMatchObject({ status: 409, code: 'idempotency_key.in_use' });
  });
  const session = await read<Session>(first ?? Promise.reject(new Error('never sent')));
  const later = await create('in-flight', body);
  expect(later.headers.get('idempotent-replayed')).toBe('true');
  expect(await read(later)).toEqual(session);
});

test('a crash before the commit leaves no session and no record, and the key can be used', async () => {
  const body = await sessionCreate();
  const before = await storedRows(server.database);
  const account = () => server.request('/v1/limits').then((response) => response.json());
  const limits = await account();
  let crashed: Promise<Response> | undefined;
  await whileCreatesAreBlocked(async (blocker) => {
    crashed = create('crash', body);
    await until(async () => (await blockedBy(blocker)).length > 0);
    const [pid] = await blockedBy(blocker);
    await blocker.query('SELECT pg_terminate_backend($1::int)', [pid]);
    const response = await crashed;
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await errorOf(response)).toMatchObject({ status: 503, code: 'database.unavailable' });
  });
  expect(await storedRows(server.database)).toEqual(before);
  expect(await account()).toMatchObject({ ...(limits as object), rate_limits: expect.anything() });

  const retried = await create('crash', body);
  expect(retried.status).toBe(201);
  expect(retried.headers.has('idempotent-replayed')).toBe(false);
});

test('concurrent creates under different keys never exceed the slots of their organisation', async () => {
  const keys = await server.createOrg({
    id: 'crowded',
    overrides: { concurrentSessions: 10, createsPerSecond: 1000 },
  });
  const second = await server.another();
  const responses = await Promise.all(
    Array.from({ length: 40 }, async (_, index) =>
      (index % 2 === 0 ? server : second).request('/v1/sessions', {
        method: 'POST',
        key: keys.test,
        json: await sessionCreate(),
        headers: { 'Idempotency-Key': `crowded ${index}` },
      }),
    ),
  );
  const statuses = responses.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(10);
  expect(new Set(statuses)).toEqual(new Set([201, 429]));
  const { prisma } = server.database;
  const where = { orgId: 'crowded' };
  expect(await prisma.session.count({ where })).toBe(10);
  expect(await prisma.idempotencyRecord.count({ where })).toBe(10);
  expect(await prisma.account.findFirst({ where: { ...where, mode: 'test' } })).toMatchObject({
    activeSessions: 10,
  });
  await second.close();
});
