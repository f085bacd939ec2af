import { gzipSync } from 'node:zlib';

import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { createSession, getSession, postSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const CLOCK_TOLERANCE_MS = 2_000;

test("a transport with a url but no type is LiveKit's", async () => {
  const json = await sessionCreate({ transport: { type: undefined } });
  const session = await read<Session>(server.request('/v1/sessions', { method: 'POST', json }));
  expect(session.transport.type).toBe('livekit');
});

test("a maximum duration of null is the plan's", async () => {
  const unlimited = await createSession(server);
  const session = await createSession(server, { max_duration_seconds: null });
  expect(session.max_duration_seconds).toBe(unlimited.max_duration_seconds);
});

test.each([
  ['application/json; charset=utf8', {}],
  ['application/json;charset="UTF8"', {}],
  ['application/json', { 'Content-Encoding': 'x-gzip' }],
  ['application/json', { 'Content-Encoding': 'gzip, identity' }],
])('a body of the type %s with %j is read', async (type, encoding) => {
  const json = Buffer.from(JSON.stringify(await sessionCreate()));
  const body = Object.keys(encoding).length > 0 ? gzipSync(json) : json;
  const headers = { 'Content-Type': type, ...encoding };
  expect((await server.request('/v1/sessions', { method: 'POST', headers, body })).status).toBe(201);
});

test('a minimal request queues a session with every default and exactly the expected fields', async () => {
  const before = Date.now();
  const response = await postSession(server, { room: 'lobby' });
  const session = await read<Session>(response);

  expect(response.status).toBe(201);
  expect(session).toEqual({
    id: expect.stringMatching(/^sess_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
    object: 'session',
    status: 'queued',
    avatar_id: 'av_stock_001',
    transport: {
      type: 'livekit',
      url: 'wss://rooms.example.com',
      room_name: 'lobby',
      worker_token: '[redacted]',
      worker_identity: 'greenroom-worker',
      audio_source: 'data_stream',
      subscribe_to_identity: null,
      synthetic_audio_if_no_input: false,
    },
    quality: 'standard',
    max_duration_seconds: 3600,
    idle_timeout_seconds: 30,
    metadata: {},
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    started_at: null,
    first_frame_at: null,
    ended_at: null,
    failed_at: null,
    failure: null,
    usage: { billable_seconds: 0, frames: 0 },
  });
  // The server estimates the database's clock to within the duration of a query.
  const createdAtMs = Date.parse(session.created_at);
  expect(createdAtMs).toBeGreaterThan(before - CLOCK_TOLERANCE_MS);
  expect(createdAtMs).toBeLessThan(Date.now() + CLOCK_TOLERANCE_MS);
});

test('every field of a request is stored', async () => {
  const metadata = { user: 'u_1', age: 7.5, vip: true, ref: null, 'ключ 🗝': '' };
  const session = await createSession(server, {
    room: 'Großer Saal / 1',
    identity: 'our-avatar',
    avatar_id: 'av_stock_002',
    quality: 'pro',
    max_duration_seconds: 90,
    idle_timeout_seconds: 600,
    metadata,
    transport: {
      worker_identity: 'our-avatar',
      audio_source: 'track',
      subscribe_to_identity: 'visitor',
      synthetic_audio_if_no_input: true,
    },
  });
  expect(session).toMatchObject({
    avatar_id: 'av_stock_002',
    quality: 'pro',
    max_duration_seconds: 90,
    idle_timeout_seconds: 600,
    metadata,
    transport: {
      room_name: 'Großer Saal / 1',
      worker_identity: 'our-avatar',
      audio_source: 'track',
      subscribe_to_identity: 'visitor',
      synthetic_audio_if_no_input: true,
    },
  });
  expect(await getSession(server, session.id)).toEqual(session);
});

test('Location is the address of the session', async () => {
  const response = await postSession(server);
  const session = await read<Session>(response);
  const location = response.headers.get('location') ?? '';
  expect(await read(server.request(location))).toEqual(session);
});

test('a session is the same in the responses to create, get and list', async () => {
  const session = await createSession(server, { metadata: { find: 'me' } });
  const { data } = await read<{ data: Session[] }>(server.request('/v1/sessions?limit=1'));
  expect(data).toEqual([session]);
  expect(await getSession(server, session.id)).toEqual(session);
});

test("the maximum duration is the lower of the request's and the plan's", async () => {
  const { test: key } = await server.createOrg({ id: 'small', planId: 'launch' });
  for (const [asked, inForce] of [
    [undefined, 1200],
    [3600, 1200],
    [1201, 1200],
    [1200, 1200],
    [1199, 1199],
    [1, 1],
  ]) {
    const fields = asked === undefined ? {} : { max_duration_seconds: asked };
    expect((await createSession(server, fields, key)).max_duration_seconds).toBe(inForce);
  }
});

test('limits of an organisation override those of its plan', async () => {
  const { test: key } = await server.createOrg({
    id: 'special',
    planId: 'free',
    overrides: { maxSessionSeconds: 777, concurrentSessions: 2 },
  });
  await createSession(server, {}, key);
  expect((await createSession(server, {}, key)).max_duration_seconds).toBe(777);
});

test('the history begins with the queued session', async () => {
  const session = await createSession(server);
  expect(await read(server.request(`/v1/sessions/${session.id}/events`))).toMatchObject({
    data: [
      { from: 'created', to: 'queued', actor: 'customer', reason: 'session.created', session_id: session.id },
    ],
    has_more: false,
  });
});

test('two sessions may be in one room with two identities', async () => {
  const shared = { room: 'stage' };
  const first = await createSession(server, {
    ...shared,
    identity: 'one',
    transport: { worker_identity: 'one' },
  });
  const second = await createSession(server, {
    ...shared,
    identity: 'two',
    transport: { worker_identity: 'two' },
  });
  expect(first.id).not.toBe(second.id);
});

test('a wss:// address is stored unchanged', async () => {
  const url = 'wss://Rooms.Example.com:7443/path?region=eu';
  const { transport } = await createSession(server, { transport: { url } });
  expect(transport).toMatchObject({ url });
});

test('ws:// is accepted when the server is configured to allow it', async () => {
  const lenient = await server.another({ sessions: { allowInsecureUrls: true } });
  const body = await sessionCreate({ transport: { url: 'ws://127.0.0.1:7880' } });
  const session = await read<Session>(lenient.request('/v1/sessions', { method: 'POST', json: body }));
  expect(session.transport).toMatchObject({ url: 'ws://127.0.0.1:7880' });
  await lenient.close();
});
