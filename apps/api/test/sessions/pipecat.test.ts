import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { lockHolder, untilBlocked } from '../harness/connections.ts';
import { tablesHolding } from '../harness/database-search.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import { endSession, getSession, read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { nextWait } from '../harness/waits.ts';
import { claimed, registerMediaWorker, registerWorker, startNext } from '../harness/worker.ts';

type PipecatSession = Schemas['PipecatSession'];
type ErrorBody = Schemas['ApiErrorEnvelope'];

let server: TestServer;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  expect(await brokenInvariants(server.databaseUrl, new Set())).toEqual([]);
});
afterAll(() => server.close());

interface Options {
  key?: string;
  json?: object;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

function create(
  at: TestServer,
  { key = server.keys.live, json = {}, idempotencyKey, signal }: Options = {},
): Promise<Response> {
  return at.request('/v1/pipecat/sessions', {
    method: 'POST',
    key,
    json: { avatar_id: 'av_stock_001', ...json },
    ...(signal !== undefined && { signal }),
    ...(idempotencyKey !== undefined && { headers: { 'Idempotency-Key': idempotencyKey } }),
  });
}

/** Creates an organisation for one test, so that it has no other sessions. */
async function newOrg(): Promise<{ test: string; live: string }> {
  counter += 1;
  return server.createOrg({ id: `org-${counter}` });
}

async function onlySession(key: string): Promise<Schemas['Session']> {
  const { data } = await read<List<Schemas['Session']>>(server.request('/v1/sessions', { key }));
  expect(data).toHaveLength(1);
  return data[0] ?? fail();
}

function fail(): never {
  throw new Error('There is no session');
}

async function eventsOf(id: string, key: string): Promise<Schemas['SessionEvent'][]> {
  const path = `/v1/sessions/${id}/events`;
  return (await read<List<Schemas['SessionEvent']>>(server.request(path, { key }))).data;
}

/** Creates a session at one server, and starts it with a worker of another. */
async function started(at: TestServer, options: Options = {}) {
  const worker = await registerMediaWorker(server);
  const [response, assignment] = await Promise.all([create(at, options), startNext(worker)]);
  return { worker, assignment, response, created: await read<PipecatSession>(response.clone()) };
}

test('a create returns the address and the token of the worker that has started the session', async () => {
  const other = await server.another();
  const worker = await registerMediaWorker(server, { media_url: 'wss://media.example.com/base/' });
  const json = { metadata: { ticket: 7 }, max_duration_seconds: 60, relay_mode: 'websocket' };
  const [response, assignment] = await Promise.all([create(other, { json }), startNext(worker)]);
  expect(response.status).toBe(201);
  const { session, relay } = await read<PipecatSession>(response);
  expect(response.headers.get('location')).toBe(`/v1/sessions/${session.id}`);
  expect(session).toMatchObject({
    status: 'starting',
    transport: { type: 'pipecat' },
    quality: 'standard',
    max_duration_seconds: 60,
    idle_timeout_seconds: 30,
    metadata: { ticket: 7 },
  });
  expect(relay).toEqual({
    type: 'websocket',
    protocol: 'protoface.pipecat.media.v1',
    media_url: `wss://media.example.com/base/v1/media/${session.id}`,
    media_token: expect.stringMatching(/^mt_[\w-]{43}$/),
    audio_sample_rate: 16000,
    video_encoding: 'jpeg',
    decoded_video_format: 'RGB',
    supports_audio_output: true,
  });
  expect(assignment).toMatchObject({
    session: { id: session.id, transport: { type: 'pipecat' } },
    worker_token: null,
    media_token: relay.media_token,
  });
  await worker.reported(assignment, { state: 'ended', reason: 'client.left' });
  expect((await eventsOf(session.id, server.keys.live)).map(({ to, reason }) => [to, reason])).toEqual([
    ['queued', 'session.created'],
    ['starting', 'worker.starting'],
    ['ending', 'client.left'],
    ['ended', 'worker.left'],
  ]);
});

test('the media token is in no other response, in no table and in no log', async () => {
  const { created } = await started(server, { idempotencyKey: 'secret' });
  const { id } = created.session;
  const { media_token: token } = created.relay;
  const { live: key } = server.keys;
  for (const path of [`/v1/sessions/${id}`, '/v1/sessions', `/v1/sessions/${id}/events`, '/v1/events']) {
    expect(await (await server.request(path, { key })).text()).not.toContain(token);
  }
  expect(await tablesHolding(server.database, token)).toEqual([]);
  expect(server.logLines.join()).not.toContain(token.slice(3));
  await endSession(server, id, key);
});

test('a session that no worker starts in time is canceled, costs nothing, and releases its key', async () => {
  const impatient = await server.another({ sessions: { joinDeadlineSeconds: 1 } });
  const { live: key } = await newOrg();
  // This worker gets only sessions in rooms.
  const worker = await registerWorker(server, { runtime_type: 'livekit' });
  const [response, assignment] = await Promise.all([
    create(impatient, { key, idempotencyKey: 'again' }),
    worker.claim(1),
  ]);
  expect(assignment).toBeNull();
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  const { error } = (await response.json()) as ErrorBody;
  expect(error).toMatchObject({ type: 'service_unavailable', code: 'at_capacity' });
  expect(error.message).toMatch(/^No worker started the session within 1 s\. It is canceled/);

  const { id } = await onlySession(key);
  expect(await getSession(server, id, key)).toMatchObject({ status: 'canceled', failure: null });
  const { actor, reason } = (await eventsOf(id, key)).at(-1) ?? fail();
  expect([actor, reason]).toEqual(['system', 'worker.unavailable']);
  expect(await accountOf(server, key)).toMatchObject({
    sessions: { active: 0 },
    credits: { balance: 1000, reserved: 0 },
  });
  const { created, response: second } = await started(server, { key, idempotencyKey: 'again' });
  expect(second.headers.get('idempotent-replayed')).toBeNull();
  expect(created.session.id).not.toBe(id);
});

test('a client that disconnects during the wait leaves no queued session', async () => {
  const { live: key } = await newOrg();
  const disconnect = new AbortController();
  const waits = nextWait(server);
  const created = create(server, { key, signal: disconnect.signal });
  await waits();
  disconnect.abort();
  await expect(created).rejects.toThrow();
  const { id } = await onlySession(key);
  await until(async () => (await getSession(server, id, key)).status === 'canceled');
  const { actor, reason } = (await eventsOf(id, key)).at(-1) ?? fail();
  expect([actor, reason]).toEqual(['customer', 'client.left']);
});

test('a create that gets no slot after its wait ends its session, and releases its key', async () => {
  const { live: key } = await newOrg();
  const worker = await registerMediaWorker(server);
  const created = create(server, { key, idempotencyKey: 'slot' });
  const assignment = await claimed(worker);
  // The organisation's slots are in use for longer than a request waits for one.
  const holder = await lockHolder(server);
  await holder.query('LOCK TABLE avatars IN ACCESS EXCLUSIVE MODE');
  const lists = Array.from({ length: 12 }, () => server.request('/v1/avatars', { key }));
  await untilBlocked(holder);
  await worker.reported(assignment, { state: 'starting' });
  expect((await created).status).toBe(503);
  await holder.query('ROLLBACK');
  await holder.end();
  await Promise.all(lists);
  expect((await onlySession(key)).status).toBe('ending');
  await worker.reported(assignment, { state: 'ended' });
  const { response } = await started(server, { key, idempotencyKey: 'slot' });
  expect(response.status).toBe(201);
  expect(response.headers.get('idempotent-replayed')).toBeNull();
});

test('a stopping server cancels the sessions whose creates wait', async () => {
  const stopping = await server.another();
  const { live: key } = await newOrg();
  const waits = nextWait(stopping);
  const created = create(stopping, { key });
  await waits();
  await stopping.close();
  const response = await created;
  expect(response.status).toBe(503);
  expect((await response.json()) as ErrorBody).toMatchObject({ error: { code: 'draining' } });
  expect((await onlySession(key)).status).toBe('canceled');
});

test('a create responds at once when its session is ended by the customer or by a deadline', async () => {
  for (const end of [
    (id: string, key: string) => endSession(server, id, key),
    // Like a session whose create crashed with its process.
    (id: string) =>
      server.database.pool.query('UPDATE assignments SET deadline_at = now() WHERE id = $1', [id]),
  ]) {
    const { live: key } = await newOrg();
    const waits = nextWait(server);
    const created = create(server, { key });
    await waits();
    const { id } = await onlySession(key);
    await end(id, key);
    const { error } = (await (await created).json()) as ErrorBody;
    expect(error).toMatchObject({ code: 'at_capacity', message: expect.stringContaining(id) });
    expect((await onlySession(key)).status).toBe('canceled');
  }
});

test('a repeated create gets the first response from any process', async () => {
  const other = await server.another();
  const idempotencyKey = 'once';
  const waits = nextWait(server);
  const worker = await registerMediaWorker(server);
  const first = create(server, { idempotencyKey });
  await waits();
  const early = await create(other, { idempotencyKey });
  expect(early.status).toBe(409);
  expect((await early.json()) as ErrorBody).toMatchObject({ error: { code: 'idempotency_key.in_use' } });
  await startNext(worker);

  const original = await (await first).text();
  const replayed = await create(other, { idempotencyKey });
  expect(replayed.headers.get('idempotent-replayed')).toBe('true');
  expect(await replayed.text()).toBe(original);
  const changed = await create(other, { idempotencyKey, json: { quality: 'pro' } });
  expect((await changed.json()) as ErrorBody).toMatchObject({ error: { code: 'idempotency_key.reused' } });
});

test('a test session is performed by the runtime of its avatar, free of charge', async () => {
  const keys = await newOrg();
  const simulator = await registerWorker(server, { runtime_type: 'simulator' });
  const waits = nextWait(server);
  const created = create(server, { key: keys.test });
  await waits();
  expect(await simulator.claim()).toBeNull();
  const worker = await registerMediaWorker(server);
  const assignment = await startNext(worker);
  expect((await created).status).toBe(201);
  await worker.reported(assignment, { state: 'running', frames: 25, media_ms: 1000 });
  await worker.reported(assignment, { state: 'ended', frames: 250, media_ms: 2000 });
  expect((await onlySession(keys.test)).status).toBe('ended');
  expect(await accountOf(server, keys.test)).toMatchObject({ credits: { reserved: 0 } });

  const scripted = await create(server, {
    key: keys.test,
    json: { metadata: { simulate: 'crash_after_10' } },
  });
  expect(scripted.status).toBe(422);
  expect((await scripted.json()) as ErrorBody).toMatchObject({ error: { param: 'metadata.simulate' } });
});

test('a session that its client never joins ends and costs nothing', async () => {
  const { live: key } = await newOrg();
  const { worker, assignment, created } = await started(server, { key });
  await worker.reported(assignment, { state: 'ended', reason: 'client.never_connected' });
  const session = await getSession(server, created.session.id, key);
  expect(session).toMatchObject({
    status: 'ended',
    failure: null,
    usage: { billable_seconds: 0, frames: 0 },
  });
  expect(await accountOf(server, key)).toMatchObject({ credits: { balance: 1000, reserved: 0 } });
});

test('a session moves to another worker until it has started, and from then on fails with its worker', async () => {
  const hasty = await startTestServer({ sessions: { leaseSeconds: 1 } });
  const [silent, worker] = await Promise.all([
    registerMediaWorker(hasty, { slots: 1, media_url: 'ws://127.0.0.1:1' }),
    registerMediaWorker(hasty, { media_url: 'ws://127.0.0.1:2' }),
  ]);
  const created = create(hasty, { key: hasty.keys.live });
  const lost = await claimed(silent);
  const assignment = await startNext(worker);
  const { session, relay } = await read<PipecatSession>(created);
  expect(assignment.session.id).toBe(lost.session.id);
  expect(relay.media_url).toBe(`ws://127.0.0.1:2/v1/media/${session.id}`);
  expect(relay.media_token).toBe(assignment.media_token);
  await until(async () => (await getSession(hasty, session.id, hasty.keys.live)).status === 'failed');
  expect((await getSession(hasty, session.id, hasty.keys.live)).failure).toMatchObject({
    code: 'worker.lost',
  });
  await hasty.close();
});

test('`sessions.create` rejects the transport and names the right operation', async () => {
  const json = { avatar_id: 'av_stock_001', transport: { type: 'pipecat' } };
  const refused = await server.request('/v1/sessions', { method: 'POST', json });
  expect(refused.status).toBe(400);
  const { error } = (await refused.json()) as ErrorBody;
  expect(error.code).toBe('transport.unsupported');
  expect(error.message).toContain('POST /v1/pipecat/sessions');
});
