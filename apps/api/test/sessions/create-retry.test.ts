import { mintWorkerToken, sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';

import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, postSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

type Body = Awaited<ReturnType<typeof sessionCreate>>;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const create = (json: unknown, key = server.keys.test) =>
  server.request('/v1/sessions', { method: 'POST', json, key });

function withTransport(body: Body, transport: Record<string, unknown>) {
  return { ...body, transport: { ...body.transport, ...transport } };
}

function rowsIn(room: string): Promise<number> {
  return server.database.prisma.session.count({ where: { roomName: room } });
}

test('the same request without an idempotency key returns the live session', async () => {
  const body = await sessionCreate();
  const first = await create(body);
  const again = await create(body);
  expect(again.status).toBe(201);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.headers.has('idempotent-replayed')).toBe(false);
  expect(await read(again)).toEqual(await read(first));
  expect(await rowsIn(body.transport.room_name)).toBe(1);
});

test('a retry returns the live session after the token has expired, and another request is rejected', async () => {
  const body = await sessionCreate({ expiresIn: 5 });
  const first = await read<Session>(create(body));
  // A queued session would fail when its token expires.
  await performed(server, first.id);
  await until(async () => {
    const elsewhere = withTransport(body, { worker_identity: 'somebody-else' });
    return (await errorOf(await create(elsewhere))).code === 'worker_token.expired';
  });
  const again = await create(body);
  expect(again.status).toBe(201);
  expect((await read<Session>(again)).id).toBe(first.id);
});

test('concurrent retries create one session', async () => {
  const body = await sessionCreate();
  const responses = await Promise.all(Array.from({ length: 12 }, () => create(body)));
  const ids = await Promise.all(responses.map(async (response) => (await read<Session>(response)).id));
  expect(new Set(ids).size).toBe(1);
  expect(await rowsIn(body.transport.room_name)).toBe(1);
});

test('a retry takes no second slot and no second reservation', async () => {
  const { live: key } = await server.createOrg({ id: 'thrifty', overrides: { concurrentSessions: 1 } });
  const body = await sessionCreate({ max_duration_seconds: 60 });
  for (let count = 0; count < 3; count += 1) expect((await create(body, key)).status).toBe(201);
  const { concurrent_sessions: sessions, credits } = await read<{
    concurrent_sessions: object;
    credits: object;
  }>(server.request('/v1/limits', { key }));
  expect(sessions).toMatchObject({ active: 1 });
  expect(credits).toMatchObject({ reserved: 1 });
});

test('another token for a held identity is rejected with the session that holds it', async () => {
  const body = await sessionCreate();
  const held = await read<Session>(create(body));
  const worker_token = await mintWorkerToken({ room: body.transport.room_name, expiresIn: 999 });
  const response = await create(withTransport(body, { worker_token }));
  expect(await response.clone().text()).toContain(held.id);
  expect(await errorOf(response)).toEqual({
    status: 409,
    code: 'worker_identity.in_use',
    param: 'transport.worker_identity',
  });
});

test('an identity in the request and the same one in a token share a participant slot', async () => {
  const body = await sessionCreate({ identity: 'understudy' });
  const { id, transport } = await read<Session>(create(body));
  expect(transport).toMatchObject({ worker_identity: 'understudy' });
  const named = withTransport(body, { worker_identity: 'understudy' });
  expect((await read<Session>(create(named))).id).toBe(id);
});

test('tokens with different identities create different sessions in one room', async () => {
  const room = 'two-avatars';
  const first = await createSession(server, { room, identity: 'first' });
  const second = await createSession(server, { room, identity: 'second' });
  expect(second.id).not.toBe(first.id);
  // LiveKit disconnects the older participant of an identity.
  const again = await postSession(server, {
    room,
    identity: 'first',
    expiresIn: 300,
    transport: { worker_identity: 'first' },
  });
  expect(await errorOf(again)).toMatchObject({ status: 409, code: 'worker_identity.in_use' });
});

test('a token without an identity joins as greenroom-worker', async () => {
  const claims = { exp: Math.floor(Date.now() / 1000) + 600, video: { roomJoin: true, room: 'nameless' } };
  const worker_token = new UnsecuredJWT(claims).encode() + 'c2lnbmF0dXJl';
  const body = await sessionCreate({ room: 'nameless', transport: { worker_token } });
  expect((await read<Session>(create(body))).transport).toMatchObject({
    worker_identity: 'greenroom-worker',
  });
});

test('the same token for another server creates another session', async () => {
  const body = await sessionCreate();
  const first = await read<Session>(create(body));
  const second = await read<Session>(create(withTransport(body, { url: 'wss://elsewhere.example.com' })));
  expect(second.id).not.toBe(first.id);
});

test.each([
  ['another mode', () => server.keys.live],
  ['another organisation', async () => (await server.createOrg({ id: 'neighbour' })).test],
])('the same request in %s creates another session', async (_name, key) => {
  const body = await sessionCreate();
  const first = await read<Session>(create(body));
  const second = await read<Session>(create(body, await key()));
  expect(second.id).not.toBe(first.id);
});

test('the same request creates a new session after the first one ended', async () => {
  const body = await sessionCreate();
  const first = await read<Session>(create(body));
  await endSession(server, first.id);
  const second = await read<Session>(create(body));
  expect(second).toMatchObject({ status: 'queued' });
  expect(second.id).not.toBe(first.id);
});

test('a draining session holds its participant slot', async () => {
  const body = await sessionCreate();
  const { id } = await read<Session>(create(body));
  await performed(server, id);
  await endSession(server, id);
  expect(await read<Session>(create(body))).toMatchObject({ id, status: 'ending' });
});

test('a terminal session releases its participant slot', async () => {
  const room = 'revolving-door';
  const { id } = await createSession(server, { room });
  await endSession(server, id);
  expect((await postSession(server, { room, expiresIn: 300 })).status).toBe(201);
});
