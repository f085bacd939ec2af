import { Prisma, subscribe } from '@greenroom/database';
import { mintWorkerToken, until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { QUEUE_CHANNEL, forEachQueuedSession } from '../../src/dispatch/dispatch-notifier.ts';
import { createWorkerKey } from '../../src/workers/worker-key-service.ts';
import { lockHolder } from '../harness/connections.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, getSession, read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { nextWait } from '../harness/waits.ts';
import { claimed, registerWorker, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server);
});

afterAll(() => server.close());

/** Ends every queued session, including those that an expired lease would requeue. */
afterEach(async () => {
  const queued = await server.database.prisma.session.findMany({ where: { status: 'queued' } });
  const tenants = new Map(queued.map(({ orgId, mode }) => [`${orgId} ${mode}`, { orgId, mode }]));
  for (const { orgId, mode } of tenants.values()) {
    const { secret } = await server.createKey({ orgId, mode: mode as 'live' | 'test' });
    const own = queued.filter((session) => session.orgId === orgId && session.mode === mode);
    await Promise.all(own.map(({ id }) => endSession(server, id, secret)));
  }
});

test('a claim returns a queued session with the decrypted token and the first fence', async () => {
  const token = await mintWorkerToken({ room: 'stage' });
  const { id } = await createSession(server, { room: 'stage', transport: { worker_token: token } });
  const assignment = await claimed(worker);
  expect(assignment).toMatchObject({
    object: 'assignment',
    worker_token: token,
    fence: 1,
    lease_seconds: 15,
    report_interval_seconds: 5,
    session: { id, status: 'queued', transport: { worker_token: '[redacted]' } },
  });
  // A claim is not a start, so customers still see the session as queued.
  expect((await getSession(server, id)).status).toBe('queued');
});

test('a create notifies a waiting claim, even from another process', async () => {
  const other = await server.another();
  for (const api of [server, other]) {
    const waits = nextWait(server);
    const claiming = worker.claim(20);
    await waits();
    const began = performance.now();
    const { id } = await createSession(api);
    expect((await claiming)?.session.id).toBe(id);
    expect(performance.now() - began).toBeLessThan(10_000);
  }
  await other.close();
});

test('a claim without a session returns 204 after its wait', async () => {
  expect(await worker.claim(1)).toBeNull();
});

test('each of many sessions goes to exactly one of many claims', async () => {
  const sessions = await Promise.all(Array.from({ length: 20 }, () => createSession(server)));
  const claims = await Promise.all(Array.from({ length: 30 }, () => worker.claim(0)));
  const ids = claims.flatMap((assignment) => (assignment === null ? [] : [assignment.session.id]));
  // A claim skips rows that others have locked, so it may find none and must be repeated.
  for (let left = await worker.claim(0); left !== null; left = await worker.claim(0)) {
    ids.push(left.session.id);
  }
  expect(ids.sort()).toEqual(sessions.map(({ id }) => id).sort());
});

test('an organisation with many queued sessions does not keep another waiting', async () => {
  const many = await server.createOrg({ id: 'many' });
  const few = await server.createOrg({ id: 'few' });
  for (let count = 0; count < 10; count += 1) await createSession(server, {}, many.test);
  const { id } = await createSession(server, {}, few.test);
  const first = [await claimed(worker), await claimed(worker)].map(({ session }) => session.id);
  expect(first).toContain(id);
});

test('the oldest session of an organisation is assigned first', async () => {
  const sessions = [await createSession(server), await createSession(server), await createSession(server)];
  const order = [await claimed(worker), await claimed(worker), await claimed(worker)];
  expect(order.map(({ session }) => session.id)).toEqual(sessions.map(({ id }) => id));
});

test('a worker gets only sessions of its runtime and its qualities', async () => {
  const lite = await registerWorker(server, { qualities: ['lite'] });
  const livekit = await registerWorker(server, { runtime_type: 'livekit' });
  const standard = await createSession(server, { quality: 'standard' });
  expect(await lite.claim(0)).toBeNull();
  expect(await livekit.claim(0)).toBeNull();
  const live = await createSession(server, {}, server.keys.live);
  expect((await claimed(worker)).session.id).toBe(standard.id);
  expect(await worker.claim(0)).toBeNull();
  expect((await claimed(livekit)).session.id).toBe(live.id);
});

test('workers and avatars stored under a former runtime name match those under the current name', async () => {
  const avatarId = 'av_former_runtime';
  await server.database.prisma.avatar.create({
    data: { orgId: 'dev', id: avatarId, name: 'Former', status: 'ready', runtimeType: 'bringup' },
  });
  const livekit = await registerWorker(server, { runtime_type: 'livekit' });
  const former = await registerWorker(server, { runtime_type: 'livekit' });
  await server.database.prisma.worker.update({
    where: { id: former.id },
    data: { runtimeType: 'bringup' },
  });
  for (const each of [livekit, former]) {
    const { id } = await createSession(server, { avatar_id: avatarId }, server.keys.live);
    expect((await claimed(each)).session.id).toBe(id);
  }
});

test('a canceled session is not assigned', async () => {
  const { id } = await createSession(server);
  await endSession(server, id);
  expect(await worker.claim(0)).toBeNull();
});

test('a test session with the simulation `worker_never_joins` is not assigned', async () => {
  await createSession(server, { metadata: { simulate: 'worker_never_joins' } });
  expect(await worker.claim(0)).toBeNull();
});

test('a queued session whose token expires fails instead of being assigned', async () => {
  const { live: key } = await server.createOrg({ id: 'late', planId: 'free' });
  const { id } = await createSession(server, { expiresIn: 2 }, key);
  const expiresAtMs = Date.now() + 2_000;
  await until(() => Date.now() > expiresAtMs);
  const livekit = await registerWorker(server, { runtime_type: 'livekit' });
  expect(await livekit.claim(0)).toBeNull();
  // Either the claim or the deadline fails it.
  await until(async () => (await getSession(server, id, key)).status === 'failed');
  expect(await getSession(server, id, key)).toMatchObject({
    failure: { code: 'room.token_rejected' },
    usage: { billable_seconds: 0 },
  });
  const limits = await read<Schemas['Limits']>(server.request('/v1/limits', { key }));
  expect(limits).toMatchObject({ concurrent_sessions: { active: 0 }, credits: { reserved: 0 } });
});

test('a session claimed by a worker that disconnected is released', async () => {
  const gone = new AbortController();
  const waits = nextWait(server);
  const claiming = worker.claim(20, { signal: gone.signal }).catch(() => 'gone');
  await waits();
  gone.abort();
  expect(await claiming).toBe('gone');
  const { id } = await createSession(server);
  expect((await claimed(worker)).session.id).toBe(id);
});

test("a claim of an unknown worker, or of another key's worker, returns 404", async () => {
  const { secret } = await createWorkerKey(server.database, 'other', SYSTEM);
  for (const [id, key] of [
    ['wkr_01KKGA2SR0ZV1RH0M05W6V8297', server.keys.worker],
    [worker.id, secret],
  ] as const) {
    const path = `/internal/v1/workers/${id}/claim`;
    const response = await server.request(path, { method: 'POST', key, json: {} });
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'worker.not_found' });
  }
});

test('a key has a limited number of workers, and keeps those with sessions', async () => {
  const { id: keyId, secret } = await createWorkerKey(server.database, 'crash loop', SYSTEM);
  const register = () => registerWorker(server, { key: secret });
  const busy = await register();
  await server.database.query(Prisma.sql`
    INSERT INTO workers (id, name, runtime_type, qualities, slots, version, worker_key_id, last_seen_at)
    SELECT 'wkr_' || n, 'w', 'none', '{standard}', 1, '1', ${keyId}, now() + make_interval(secs => n)
      FROM generate_series(1, 1500) AS n`);
  await server.database.query(Prisma.sql`
    INSERT INTO assignments (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
                             worker_token_encrypted, worker_id, lease_until)
    VALUES ('sess_held', 'none', 'test', 'running', 'a', 'standard', 'none', 60, '', ${busy.id}, now() + interval '1 h')`);
  await register();
  const ids = await server.database.prisma.worker.findMany({ where: { workerKeyId: keyId } });
  expect(ids.length).toBeLessThanOrEqual(1_001);
  expect(ids.map(({ id }) => id)).toContain(busy.id);
  await server.database.query(Prisma.sql`DELETE FROM assignments WHERE id = 'sess_held'`);
  await server.database.query(Prisma.sql`DELETE FROM workers WHERE worker_key_id = ${keyId}`);
});

test('a stopping server ends waiting claims at once', async () => {
  const other = await server.another();
  const waiting = await registerWorker(other);
  const waits = nextWait(other);
  const claiming = waiting.claim(30);
  await waits();
  const began = performance.now();
  await Promise.all([other.close(), claiming]);
  expect(await claiming).toBeNull();
  expect(performance.now() - began).toBeLessThan(15_000);
});

test("waiting claims use no capacity, neither the server's nor their key's", async () => {
  const small = await server.another({ maxInFlight: 20 });
  const waiting = await registerWorker(small);
  const claims: ReturnType<TestWorker['claim']>[] = [];
  for (let count = 0; count < 25; count += 1) {
    claims.push(waiting.claim(10));
    await until(async () => (await small.request('/v1/limits')).ok);
  }
  await createSession(small);
  expect(await Promise.race(claims)).not.toBeNull();
  await Promise.all([small.close(), ...claims]);
});

test('a worker gets no more sessions than it has slots, however many claims it makes at once', async () => {
  const small = await registerWorker(server, { slots: 2 });
  const ids = await Promise.all([1, 2, 3, 4].map(async () => (await createSession(server)).id));
  const assignments = (await Promise.all([1, 2, 3, 4].map(() => small.claim()))).filter(
    (one) => one !== null,
  );
  expect(assignments).toHaveLength(2);
  expect(await small.claim()).toBeNull();

  const [first] = assignments;
  if (first === undefined) throw new Error('There was no assignment');
  await small.reported(first, { state: 'starting' });
  await small.reported(first, { state: 'failed', failure: { code: 'worker.crashed', message: 'It broke.' } });
  const next = await small.claim();
  expect(ids).toContain(next?.session.id);
  expect(await small.claim()).toBeNull();
});

test('each of several concurrently created sessions is announced', async () => {
  const announced: string[] = [];
  const subscription = await subscribe(server.databaseUrl, {
    applicationName: 'greenroom-test',
    channels: [QUEUE_CHANNEL],
    onNotification: (_channel, message) => forEachQueuedSession(message, (queue) => announced.push(queue)),
    onConnect: () => undefined,
    onDisconnect: () => undefined,
  });
  await Promise.all(Array.from({ length: 12 }, () => createSession(server)));
  await until(() => announced.length >= 12);
  await subscription.close();
  expect(announced).toEqual(Array.from({ length: 12 }, () => 'simulator standard'));
});

test('the slots of a worker limit its claims in all processes together', async () => {
  const other = await server.another();
  const workers = await Promise.all([1, 2, 3, 4].map(() => registerWorker(server, { slots: 1 })));
  const claimAt = (process: TestServer, { id }: TestWorker) =>
    process.request(`/internal/v1/workers/${id}/claim`, {
      method: 'POST',
      key: server.keys.worker,
      json: { wait_seconds: 0 },
    });
  await Promise.all(Array.from({ length: 8 }, () => createSession(server)));
  // Blocks every claim, so that all of them proceed at the same moment.
  const client = await lockHolder(server);
  await client.query('LOCK TABLE dispatch_turns IN EXCLUSIVE MODE');
  const claims = workers.flatMap((each) => [claimAt(server, each), claimAt(other, each)]);
  await until(async () => {
    const { rows } = await server.database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length === claims.length;
  });
  await client.query('COMMIT');
  await client.end();
  const statuses = (await Promise.all(claims)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 204, 204, 204, 204]);
});
