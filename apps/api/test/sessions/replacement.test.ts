import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { errorOf } from '../harness/error-response.ts';
import {
  createSession,
  endSession,
  getSession,
  postSession,
  read,
  type List,
  type Schemas,
} from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server);
});

afterAll(() => server.close());

let rooms = 0;
const newRoom = () => `replaced-${(rooms += 1)}`;
const actingFor = (agent: string) => ({ attributes: { 'lk.publish_on_behalf': agent } });

async function lastEventOf(id: string) {
  const { data } = await read<List<Schemas['SessionEvent']>>(server.request(`/v1/sessions/${id}/events`));
  return data.at(-1);
}

/** Brings the queued session into a state. */
async function advance(to: string): Promise<void> {
  if (to === 'queued') return;
  const assignment = await claimed(worker);
  await worker.reported(assignment, to === 'starting' ? { state: to } : { frames: 50, media_ms: 2_000 });
}

test.each([
  ['queued', 'canceled'],
  ['starting', 'ended'],
  ['running', 'ended'],
])('a session for a restarted agent replaces a %s one, which is %s at once', async (from, to) => {
  const room = newRoom();
  const old = await createSession(server, { room, ...actingFor('agent-1') });
  await advance(from);
  const next = await createSession(server, { room, ...actingFor('agent-2') });
  expect(next.id).not.toBe(old.id);
  expect(next.status).toBe('queued');
  expect((await getSession(server, old.id)).status).toBe(to);
  expect(await lastEventOf(old.id)).toMatchObject({ to, actor: 'customer', reason: 'session.replaced' });
  await endSession(server, next.id);
});

test('the worker of a replaced session gets the directive to leave', async () => {
  const room = newRoom();
  await createSession(server, { room, ...actingFor('agent-1') });
  const assignment = await claimed(worker);
  await worker.reported(assignment, { frames: 1, media_ms: 40 });
  const waiting = worker.report(assignment, { frames: 2, media_ms: 80, wait_seconds: 20 });
  const next = await createSession(server, { room, ...actingFor('agent-2') });
  expect(await errorOf(await waiting)).toMatchObject({ status: 409, code: 'assignment.lost' });
  await endSession(server, next.id);
});

test('replacing a session takes no second slot and no second reservation', async () => {
  const { live: key } = await server.createOrg({ id: 'one-slot', planId: 'free' });
  const room = newRoom();
  await createSession(server, { room, ...actingFor('agent-1') }, key);
  const { sessions, credits } = await accountOf(server, key);
  await createSession(server, { room, ...actingFor('agent-2') }, key);
  expect(await accountOf(server, key)).toMatchObject({ sessions, credits });
});

test('a create that is rejected replaces nothing', async () => {
  const { live: key } = await server.createOrg({ id: 'few-credits', planId: 'starter', credits: 1 });
  const room = newRoom();
  const cheap = { max_duration_seconds: 60 };
  const old = await createSession(server, { room, ...cheap, ...actingFor('agent-1') }, key);
  const refused = await postSession(server, { room, quality: 'pro', ...actingFor('agent-2') }, { key });
  expect(await errorOf(refused)).toMatchObject({ status: 402 });
  expect((await getSession(server, old.id, key)).status).toBe('queued');
});

test.each([
  ['no agent', {}],
  ['the same agent', actingFor('agent-1')],
  ['an agent without a name', actingFor('')],
])('a token of %s replaces nothing', async (_name, options) => {
  const room = newRoom();
  const old = await createSession(server, { room, ...actingFor('agent-1') });
  const refused = await postSession(server, { room, expiresIn: 900, ...options });
  expect(await errorOf(refused)).toMatchObject({ status: 409, code: 'worker_identity.in_use' });
  await endSession(server, old.id);
});

test('one of many concurrent replacements holds the identity', async () => {
  const room = newRoom();
  await createSession(server, { room, ...actingFor('agent-0') });
  const responses = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      postSession(server, { room, ...actingFor(`agent-${index + 1}`) }),
    ),
  );
  expect(responses.every(({ status }) => status === 201 || status === 409)).toBe(true);
  const live = await server.database.prisma.session.count({ where: { roomName: room, status: 'queued' } });
  expect(live).toBe(1);
});

test('concurrent sessions of several agents each replace the previous one', async () => {
  const room = newRoom();
  await createSession(server, { room, ...actingFor('agent-1') });
  const responses = await Promise.all(
    ['agent-2', 'agent-3', 'agent-4'].map((agent) => postSession(server, { room, ...actingFor(agent) })),
  );
  expect(responses.map(({ status }) => status)).toEqual([201, 201, 201]);
  const sessions = await Promise.all(responses.map((response) => read<Schemas['Session']>(response)));
  const statuses = await Promise.all(sessions.map(async ({ id }) => (await getSession(server, id)).status));
  expect(statuses.toSorted()).toEqual(['canceled', 'canceled', 'queued']);
  for (const { id } of sessions) await endSession(server, id);
});

test('a replaced token replaces nothing when its create is sent again', async () => {
  const room = newRoom();
  const json = await sessionCreate({ room, ...actingFor('agent-1') });
  const send = () => server.request('/v1/sessions', { method: 'POST', json });
  expect((await send()).status).toBe(201);
  const second = await createSession(server, { room, ...actingFor('agent-2') });
  const third = await createSession(server, { room, ...actingFor('agent-3') });
  expect(await errorOf(await send())).toMatchObject({ status: 409, code: 'worker_identity.in_use' });
  expect((await getSession(server, second.id)).status).toBe('canceled');
  expect((await getSession(server, third.id)).status).toBe('queued');
  await endSession(server, third.id);
});
