import { sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';

import { accountOf } from '../harness/account.ts';
import {
  createSession,
  endSession,
  getSession,
  read,
  type List,
  type Schemas,
} from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker } from '../harness/worker.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 1 } });
});

afterAll(() => server.close());

test('a session that is not claimed in time fails and releases its slot, credits and identity', async () => {
  const { live: key } = await server.createOrg({ id: 'waiting', planId: 'free' });
  const { id } = await createSession(server, {}, key);
  expect(await accountOf(server, key)).toMatchObject({
    sessions: { active: 1, available: 0 },
    credits: { reserved: 2 },
  });
  await until(async () => (await getSession(server, id, key)).status !== 'queued');

  const session = await getSession(server, id, key);
  expect(session).toMatchObject({
    status: 'failed',
    failure: { code: 'worker.unavailable', message: expect.stringMatching(/worker/) },
    ended_at: null,
    started_at: null,
    usage: { billable_seconds: 0, frames: 0 },
  });
  const waitedMs = Date.parse(session.failed_at ?? '') - Date.parse(session.created_at);
  expect(waitedMs).toBeGreaterThanOrEqual(1000);

  expect(await accountOf(server, key)).toMatchObject({
    sessions: { active: 0, available: 1 },
    credits: { balance: 1000, reserved: 0, available: 1000 },
  });
  const events = await read<List<Schemas['SessionEvent']>>(
    server.request(`/v1/sessions/${id}/events`, { key }),
  );
  expect(events.data.at(-1)).toMatchObject({
    from: 'queued',
    to: 'failed',
    actor: 'system',
    reason: 'worker.unavailable',
  });
  const row = await server.database.prisma.session.findFirstOrThrow({ where: { id } });
  expect(row.workerTokenHash).toBeNull();
  expect(await server.database.prisma.assignment.count({ where: { id } })).toBe(0);
  // The participant slot is released.
  await createSession(server, {}, key);
});

test('a session that was canceled before its deadline stays canceled', async () => {
  const early = await createSession(server);
  await endSession(server, early.id);
  const late = await createSession(server);
  await until(async () => (await getSession(server, late.id)).status === 'failed');
  expect(await getSession(server, early.id)).toMatchObject({ status: 'canceled', failure: null });
});

test('a deadline that passes while no server runs is enforced by the next one', async () => {
  const patient = await startTestServer({ sessions: { joinDeadlineSeconds: 1 } });
  const first = await patient.another();
  const { id } = await createSession(first);
  await first.close();
  await until(async () => (await getSession(patient, id)).status === 'failed');
  await patient.close();
});

test('a queued session fails when its token expires, if that is before its join deadline', async () => {
  const patient = await startTestServer({ sessions: { joinDeadlineSeconds: 3600 } });
  const { id } = await createSession(patient, { expiresIn: 2 });
  await until(async () => (await getSession(patient, id)).status !== 'queued');
  const session = await getSession(patient, id);
  expect(session).toMatchObject({ status: 'failed', failure: { code: 'room.token_rejected' } });
  const events = await read<List<Schemas['SessionEvent']>>(patient.request(`/v1/sessions/${id}/events`));
  expect(events.data.at(-1)).toMatchObject({
    from: 'queued',
    to: 'failed',
    actor: 'system',
    reason: 'room.token_rejected',
  });
  await patient.close();
});

test('a requeued session waits only while its token is valid', async () => {
  const patient = await startTestServer({ sessions: { joinDeadlineSeconds: 3600, leaseSeconds: 1 } });
  const mortal = await registerWorker(patient);
  const { id } = await createSession(patient, { expiresIn: 600 });
  await mortal.reported(await claimed(mortal), { state: 'starting' });
  await until(async () => (await getSession(patient, id)).status === 'queued');
  const row = await patient.database.prisma.assignment.findFirstOrThrow({ where: { id } });
  expect(row.deadlineAt).toEqual(row.workerTokenExpiresAt);
  await patient.close();
});

test.each([
  ['without an expiry', undefined],
  ['that expires beyond the range of dates', 1e300],
])('a token %s does not change the join deadline', async (_name, exp) => {
  const body = await sessionCreate();
  const token = new UnsecuredJWT({
    video: { room: body.transport.room_name, roomJoin: true },
    ...(exp !== undefined && { exp }),
  }).encode();
  const { id } = await createSession(server, {
    transport: { room_name: body.transport.room_name, worker_token: `${token}sig` },
  });
  await until(async () => (await getSession(server, id)).status === 'failed');
  expect((await getSession(server, id)).failure).toMatchObject({ code: 'worker.unavailable' });
});
