import type { SessionStatus } from '@greenroom/contract';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { accountOf } from '../harness/account.ts';
import { createSession, endSession, getSession, read, type Session } from '../harness/answers.ts';
import { refusal } from '../harness/refusal.ts';
import { insertSessions } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

async function inStatus(status: SessionStatus): Promise<string> {
  const { id } = await createSession(server);
  await server.database.pool.query('UPDATE sessions SET status = $2::session_status WHERE id = $1', [
    id,
    status,
  ]);
  return id;
}

test.each(['created', 'queued'] as const)('ending a %s session cancels it', async (status) => {
  const id = await inStatus(status);
  const response = await endSession(server, id);
  const session = await read<Session>(response);
  expect(response.status).toBe(200);
  expect(session).toMatchObject({ id, status: 'canceled', failed_at: null, failure: null, started_at: null });
  expect(Date.parse(session.ended_at ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
  expect(await getSession(server, id)).toEqual(session);
});

test.each(['starting', 'running'] as const)('ending a %s session lets its worker drain', async (status) => {
  const id = await inStatus(status);
  const session = await read<Session>(endSession(server, id));
  expect(session).toMatchObject({ status: 'ending', ended_at: null });
  expect(await getSession(server, id)).toEqual(session);
});

test('ending a session that is ending changes nothing', async () => {
  const id = await inStatus('running');
  const first = await read<Session>(endSession(server, id));
  expect(await read(endSession(server, id))).toEqual(first);
  const events = await read<{ data: unknown[] }>(server.request(`/v1/sessions/${id}/events`));
  expect(events.data).toHaveLength(2);
});

test.each(['ended', 'failed', 'canceled'] as const)(
  'ending a session that is %s changes nothing',
  async (status) => {
    const [id = ''] = await insertSessions(server.database, [{ status }]);
    const before = await getSession(server, id);
    const account = await accountOf(server, server.keys.test);
    for (let count = 0; count < 2; count += 1) {
      const response = await endSession(server, id);
      expect(response.status).toBe(200);
      expect(await read(response)).toEqual(before);
    }
    expect((await accountOf(server, server.keys.test)).sessions).toEqual(account.sessions);
  },
);

test('ending a canceled session again answers it unchanged', async () => {
  const { id } = await createSession(server);
  const first = await read(endSession(server, id));
  expect(await read(endSession(server, id))).toEqual(first);
});

test('ending at the same instant moves the session once', async () => {
  const { id } = await createSession(server);
  const before = await accountOf(server, server.keys.test);
  const answers = await Promise.all(Array.from({ length: 8 }, () => endSession(server, id)));
  const bodies = await Promise.all(answers.map((answer) => read<Session>(answer)));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  const events = await read<{ data: unknown[] }>(server.request(`/v1/sessions/${id}/events`));
  expect(events.data).toHaveLength(2);
  expect((await accountOf(server, server.keys.test)).sessions.active).toBe(before.sessions.active - 1);
});

test("a session of another organisation, of the other mode or of nobody is not found, and isn't ended", async () => {
  const other = await server.createOrg({ id: 'other' });
  const { id } = await createSession(server);
  const expected = { status: 404, code: 'session.not_found', param: 'session_id' };
  for (const key of [other.test, other.live, server.keys.live]) {
    expect(await refusal(await endSession(server, id, key))).toEqual(expected);
  }
  for (const unknown of ['sess_01KKGP79VG6A09Y83A35BZFNZE', 'nonsense', id.toLowerCase()]) {
    expect(await refusal(await endSession(server, unknown))).toEqual(expected);
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
