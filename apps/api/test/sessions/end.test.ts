import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { lockHolder } from '../harness/connections.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, getSession, read, type Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

async function performedTo(state: 'starting' | 'running'): Promise<string> {
  const { id } = await createSession(server);
  await performed(server, id, state);
  return id;
}

const FAILURE = { code: 'room.disconnected' as const, message: 'The room was deleted.' };
const ways = {
  ended: async (id: string) => {
    const { worker, assignment } = await performed(server, id);
    await worker.reported(assignment, { state: 'ended', frames: 1, media_ms: 40 });
  },
  failed: async (id: string) => {
    const { worker, assignment } = await performed(server, id);
    await worker.reported(assignment, { state: 'failed', frames: 1, media_ms: 40, failure: FAILURE });
  },
  canceled: async (id: string) => {
    await endSession(server, id);
  },
};

test('ending a queued session cancels it', async () => {
  const { id } = await createSession(server);
  const response = await endSession(server, id);
  const session = await read<Session>(response);
  expect(response.status).toBe(200);
  expect(session).toMatchObject({ id, status: 'canceled', failed_at: null, failure: null, started_at: null });
  expect(Date.parse(session.ended_at ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
  expect(await getSession(server, id)).toEqual(session);
});

test.each(['starting', 'running'] as const)('ending a %s session lets its worker drain', async (status) => {
  const id = await performedTo(status);
  const session = await read<Session>(endSession(server, id));
  expect(session).toMatchObject({ status: 'ending', ended_at: null });
  expect(await getSession(server, id)).toEqual(session);
});

test('ending a session that is ending changes nothing', async () => {
  const id = await performedTo('running');
  const history = async () =>
    (await read<{ data: unknown[] }>(server.request(`/v1/sessions/${id}/events`))).data;
  const first = await read<Session>(endSession(server, id));
  const events = await history();
  expect(await read(endSession(server, id))).toEqual(first);
  expect(await history()).toEqual(events);
});

test.each(['ended', 'failed', 'canceled'] as const)(
  'ending a session that is %s changes nothing',
  async (status) => {
    const { id } = await createSession(server);
    await ways[status](id);
    const before = await getSession(server, id);
    expect(before.status).toBe(status);
    const account = await accountOf(server, server.keys.test);
    for (let count = 0; count < 2; count += 1) {
      const response = await endSession(server, id);
      expect(response.status).toBe(200);
      expect(await read(response)).toEqual(before);
    }
    expect((await accountOf(server, server.keys.test)).sessions).toEqual(account.sessions);
  },
);

test('ending a canceled session again returns it unchanged', async () => {
  const { id } = await createSession(server);
  const first = await read(endSession(server, id));
  expect(await read(endSession(server, id))).toEqual(first);
});

test('concurrent ends apply one transition', async () => {
  const { id } = await createSession(server);
  const before = await accountOf(server, server.keys.test);
  const responses = await Promise.all(Array.from({ length: 8 }, () => endSession(server, id)));
  const bodies = await Promise.all(responses.map((response) => read<Session>(response)));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  const events = await read<{ data: unknown[] }>(server.request(`/v1/sessions/${id}/events`));
  expect(events.data).toHaveLength(2);
  expect((await accountOf(server, server.keys.test)).sessions.active).toBe(before.sessions.active - 1);
});

test('a session of another organisation or mode, or an unknown one, is not found and does not end', async () => {
  const other = await server.createOrg({ id: 'other' });
  const { id } = await createSession(server);
  const expected = { status: 404, code: 'session.not_found', param: 'session_id' };
  for (const key of [other.test, other.live, server.keys.live]) {
    expect(await errorOf(await endSession(server, id, key))).toEqual(expected);
  }
  for (const unknown of ['sess_01KKGP79VG6A09Y83A35BZFNZE', 'nonsense', id.toLowerCase()]) {
    expect(await errorOf(await endSession(server, unknown))).toEqual(expected);
  }
  expect(await getSession(server, id)).toMatchObject({ status: 'queued' });
});

test('ending is never rate limited', async () => {
  const { test: key } = await server.createOrg({
    id: 'slow',
    overrides: { requestsPerSecond: 1, createsPerSecond: 1 },
  });
  const { id } = await createSession(server, {}, key);
  let status = 200;
  while (status !== 429) ({ status } = await server.request('/v1/limits', { key }));
  for (let count = 0; count < 10; count += 1) expect((await endSession(server, id, key)).status).toBe(200);
});

test('an organisation can end more sessions at once than its share of capacity for other requests', async () => {
  const narrow = await server.another({ maxInFlight: 40 });
  const ids: string[] = [];
  while (ids.length < 18) ids.push((await createSession(narrow)).id);
  const ends = await Promise.all(ids.map((id) => endSession(narrow, id)));
  expect(ends.map(({ status }) => status)).toEqual(ids.map(() => 200));
});

test('ending a session that does not exist or is over takes no lock', async () => {
  const { id } = await createSession(server);
  await endSession(server, id);
  const client = await lockHolder(server);
  // Blocks statements that lock a row, but no reads.
  await client.query('LOCK TABLE sessions IN EXCLUSIVE MODE');
  try {
    expect((await endSession(server, id)).status).toBe(200);
    expect(await errorOf(await endSession(server, 'sess_01KKGP79VG6A09Y83A35BZFNZE'))).toMatchObject({
      code: 'session.not_found',
    });
  } finally {
    await client.end();
  }
});
