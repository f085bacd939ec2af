import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { brokenInvariants } from '../harness/invariants.ts';
import { createSession, endSession, read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type TestWorker } from '../harness/worker.ts';

const ROUNDS = 3;

let servers: TestServer[];
let workers: TestWorker[];
const acknowledged = new Set<string>();

beforeAll(async () => {
  const server = await startTestServer({ sessions: { leaseSeconds: 1 } });
  servers = [server, await server.another()];
  const { worker: key } = server.keys;
  workers = await Promise.all(servers.map((each) => registerWorker(each, { key })));
});
afterEach(async () => {
  expect(await brokenInvariants(servers[0]?.databaseUrl ?? '', acknowledged)).toEqual([]);
});
afterAll(() => servers[0]?.close());

const firstServer = (): TestServer => servers[0] ?? missing();

function missing(): never {
  throw new Error('The servers did not start');
}

async function queued(): Promise<string> {
  const { id } = await createSession(firstServer());
  acknowledged.add(id);
  return id;
}

/** Ends a session, and retries as long as a busy machine responds with Retry-After. */
async function end(server: TestServer, id: string): Promise<Response> {
  for (;;) {
    const response = await endSession(server, id, firstServer().keys.test);
    if (response.status !== 503) return response;
  }
}

async function reasonsOf(id: string): Promise<string[]> {
  const server = firstServer();
  const { data } = await read<List<Schemas['SessionEvent']>>(server.request(`/v1/sessions/${id}/events`));
  return data.map(({ reason }) => reason);
}

test('a session that two processes assign at once goes to one worker', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await queued();
    const claims = await Promise.all(workers.map((worker) => worker.claim(0)));
    expect(claims.filter((claim) => claim !== null).map(({ session }) => session.id)).toEqual([id]);
    await end(firstServer(), id);
  }
});

test('a session that two processes end at once ends once, and both return it', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await queued();
    const responses = await Promise.all(servers.map((server) => end(server, id)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect((await reasonsOf(id)).filter((reason) => reason === 'session.end_requested')).toHaveLength(1);
  }
});

test('two processes that sweep at once take a session from a silent worker once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await queued();
    const assignment = await claimed(workers[0] ?? missing());
    await workers[0]?.reported(assignment, { state: 'starting' });
    await until(async () => (await reasonsOf(id)).includes('worker.lost'));
    await Promise.all(servers.map((server) => end(server, id)));
    const reasons = (await reasonsOf(id)).filter((reason) => reason !== 'worker.starting');
    expect(reasons).toEqual(['session.created', 'worker.lost', 'session.end_requested']);
  }
});
