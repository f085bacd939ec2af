import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, postSession, read, type Session } from '../harness/responses.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

const FAST = { requestsPerSecond: 1000, createsPerSecond: 1000 };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

test('fifty concurrent creates with a limit of ten create exactly ten sessions', async () => {
  const { test: key } = await server.createOrg({ id: 'ten', planId: 'launch', overrides: FAST });
  const responses = await Promise.all(Array.from({ length: 50 }, () => postSession(server, {}, { key })));
  const refused = responses.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(40);
  for (const response of refused) {
    const { error } = (await response.clone().json()) as { error: { message: string; type: string } };
    expect(error.type).toBe('quota_exceeded');
    expect(error.message).toContain('Concurrent sessions: 10 of 10');
    expect(await errorOf(response)).toEqual({ status: 429, code: 'concurrent_sessions', param: null });
  }
  const where = { orgId: 'ten' };
  expect(await server.database.prisma.session.count({ where })).toBe(10);
  expect(await server.database.prisma.sessionEvent.count({ where })).toBe(10);
  expect((await accountOf(server, key)).sessions).toEqual({ limit: 10, active: 10, available: 0 });
});

test('a slot is released only when its session is terminal', async () => {
  const { test: key } = await server.createOrg({ id: 'one', planId: 'free', overrides: FAST });
  const { id } = await createSession(server, {}, key);
  expect((await postSession(server, {}, { key })).status).toBe(429);

  const { worker, assignment } = await performed(server, id);
  await endSession(server, id, key);
  // The session drains, with its worker still in the room.
  expect((await postSession(server, {}, { key })).status).toBe(429);

  await worker.reported(assignment, { state: 'ended', frames: 1, media_ms: 40 });
  expect((await accountOf(server, key)).sessions).toEqual({ limit: 1, active: 0, available: 1 });
  expect((await postSession(server, {}, { key })).status).toBe(201);
});

test('test and live sessions are counted separately', async () => {
  const keys = await server.createOrg({ id: 'apart', planId: 'free', overrides: FAST });
  for (const key of [keys.test, keys.live]) {
    expect((await postSession(server, {}, { key })).status).toBe(201);
    expect((await postSession(server, {}, { key })).status).toBe(429);
  }
});

test('a limit below the number in use leaves zero available', async () => {
  const { test: key } = await server.createOrg({ id: 'lowered', planId: 'starter', overrides: FAST });
  await createSession(server, {}, key);
  await createSession(server, {}, key);
  await server.database.prisma.org.update({ where: { id: 'lowered' }, data: { concurrentSessions: 1 } });
  expect((await accountOf(server, key)).sessions).toEqual({ limit: 1, active: 2, available: 0 });
});

test('a live session reserves its maximum cost, by its quality and started minutes', async () => {
  const { live: key } = await server.createOrg({ id: 'paying', credits: 100, overrides: FAST });
  let reserved = 0;
  for (const [quality, seconds, credits] of [
    ['standard', 60, 1],
    ['standard', 61, 2],
    ['lite', 60, 0.5],
    ['lite', 1, 0.5],
    ['pro', 600, 20],
    ['mock', 120, 2],
  ] as const) {
    await createSession(server, { quality, max_duration_seconds: seconds }, key);
    reserved += credits;
    expect((await accountOf(server, key)).credits).toEqual({
      balance: 100,
      reserved,
      available: 100 - reserved,
    });
  }
});

test('a canceled session releases its reservation and costs nothing', async () => {
  const { live: key } = await server.createOrg({ id: 'canceling', credits: 60, overrides: FAST });
  const { id } = await createSession(server, {}, key);
  expect((await accountOf(server, key)).credits).toEqual({ balance: 60, reserved: 60, available: 0 });
  await endSession(server, id, key);
  expect((await accountOf(server, key)).credits).toEqual({ balance: 60, reserved: 0, available: 60 });
});

test('a session that costs more than the credits is rejected, but one that costs exactly them is not', async () => {
  const { live: key } = await server.createOrg({ id: 'nearly-broke', credits: 10, overrides: FAST });
  const before = await storedRows(server.database);
  const refused = await postSession(server, { max_duration_seconds: 601 }, { key });
  expect(await errorOf(refused)).toEqual({ status: 402, code: 'insufficient_credit_balance', param: null });
  expect(await storedRows(server.database)).toEqual(before);
  expect((await postSession(server, { max_duration_seconds: 600 }, { key })).status).toBe(201);
  expect((await postSession(server, { max_duration_seconds: 1, quality: 'lite' }, { key })).status).toBe(402);
});

test('concurrent creates never reserve more than the balance', async () => {
  const { live: key } = await server.createOrg({ id: 'rush', credits: 5, overrides: FAST });
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => postSession(server, { max_duration_seconds: 60 }, { key })),
  );
  expect(responses.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(responses.filter(({ status }) => status === 402)).toHaveLength(15);
  expect((await accountOf(server, key)).credits).toEqual({ balance: 5, reserved: 5, available: 0 });
});

test('a test session costs nothing, even without credits', async () => {
  const { test: key } = await server.createOrg({ id: 'penniless', credits: 0, overrides: FAST });
  const session = await read<Session>(postSession(server, { quality: 'pro' }, { key }));
  expect(session.status).toBe('queued');
  expect((await accountOf(server, key)).credits).toEqual({ balance: 0, reserved: 0, available: 0 });
});

test('limits are those of the plan and of the calling key', async () => {
  for (const [planId, limit, seconds] of [
    ['free', 1, 120],
    ['starter', 2, 600],
    ['launch', 10, 1200],
    ['scale', 50, 3600],
  ] as const) {
    const { test: key } = await server.createOrg({ id: `on-${planId}`, planId });
    expect(await accountOf(server, key)).toEqual({
      sessions: { limit, active: 0, available: limit },
      maxSessionSeconds: seconds,
      credits: { balance: 1000, reserved: 0, available: 1000 },
      rateLimits: [
        // This request uses one, which is available again after a hundredth of a second.
        { name: 'requests', limit: 500, window_seconds: 5, remaining: expect.any(Number) },
        { name: 'creates', limit: 100, window_seconds: 5, remaining: 100 },
        { name: 'tests', limit: 25, window_seconds: 5, remaining: 25 },
      ],
    });
  }
});
