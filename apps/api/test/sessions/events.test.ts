import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { newId } from '../../src/common/ids.ts';
import { errorOf } from '../harness/error-response.ts';
import { pagesOf } from '../harness/pages.ts';
import { createSession, endSession, read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

type Event = Schemas['SessionEvent'];

const TOTAL = 45;

let server: TestServer;
let long: string;

beforeAll(async () => {
  server = await startTestServer();
  long = (await createSession(server)).id;
  await server.database.prisma.sessionEvent.createMany({
    data: Array.from({ length: TOTAL - 1 }, (_, index) => ({
      orgId: 'dev',
      mode: 'test' as const,
      sessionId: long,
      sequence: index + 1,
      id: newId('evt'),
      from: index % 2 === 0 ? ('queued' as const) : ('starting' as const),
      to: index % 2 === 0 ? ('starting' as const) : ('queued' as const),
      actor: 'worker' as const,
      reason: `step.${index + 1}`,
    })),
  });
});

afterAll(() => server.close());

const eventsOf = (id: string, query = '') => server.request(`/v1/sessions/${id}/events${query}`);

test('the history begins with created to queued and has actor, transition, time and reason', async () => {
  const session = await createSession(server);
  await performed(server, session.id);
  await endSession(server, session.id);
  const list = await read<List<Event>>(eventsOf(session.id));
  const common = {
    id: expect.stringMatching(/^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
    object: 'session.event',
    session_id: session.id,
    created_at: expect.stringMatching(/\.\d{3}Z$/),
  };
  expect(list).toEqual({
    object: 'list',
    data: [
      { ...common, from: 'created', to: 'queued', actor: 'customer', reason: 'session.created' },
      { ...common, from: 'queued', to: 'starting', actor: 'worker', reason: 'worker.starting' },
      { ...common, from: 'starting', to: 'running', actor: 'worker', reason: 'worker.first_frame' },
      { ...common, from: 'running', to: 'ending', actor: 'customer', reason: 'session.end_requested' },
    ],
    has_more: false,
    next_cursor: null,
  });
  const times = list.data.map((event) => event.created_at);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times[0] ?? '') - Date.parse(session.created_at)).toBeLessThan(1000);
});

test('the history of a canceled session names the actor', async () => {
  const { id } = await createSession(server);
  await endSession(server, id);
  const { data } = await read<List<Event>>(eventsOf(id));
  expect(data.map(({ from, to, actor }) => ({ from, to, actor }))).toEqual([
    { from: 'created', to: 'queued', actor: 'customer' },
    { from: 'queued', to: 'canceled', actor: 'customer' },
  ]);
});

test.each([1, 20, 44, 45, 100])(
  'pages of %i together contain each event once, oldest first',
  async (limit) => {
    const pages = await pagesOf<Event>(server, `/v1/sessions/${long}/events?limit=${limit}`);
    const reasons = pages.flat().map(({ reason }) => reason);
    expect(reasons).toEqual([
      'session.created',
      ...Array.from({ length: TOTAL - 1 }, (_, index) => `step.${index + 1}`),
    ]);
    expect(pages).toHaveLength(Math.ceil(TOTAL / limit));
  },
);

test('a page has twenty events by default', async () => {
  const page = await read<List<Event>>(eventsOf(long));
  expect(page.data).toHaveLength(20);
  expect(page.has_more).toBe(true);
});

test('the cursor must be an event of the session', async () => {
  const { id } = await createSession(server);
  const foreign = (await read<List<Event>>(eventsOf(id))).data[0]?.id;
  for (const cursor of [foreign, long, 'evt_01KKGP79VG6A09Y83A35BZFNZE', 'nonsense', '']) {
    const response = await eventsOf(long, `?starting_after=${cursor}`);
    expect(await errorOf(response)).toEqual({ status: 400, code: 'cursor.unknown', param: 'starting_after' });
  }
});

test('the history of a session that the key cannot see is not found', async () => {
  const other = await server.createOrg({ id: 'other' });
  for (const key of [other.test, server.keys.live]) {
    const response = await server.request(`/v1/sessions/${long}/events`, { key });
    expect(await errorOf(response)).toEqual({ status: 404, code: 'session.not_found', param: 'session_id' });
  }
});
