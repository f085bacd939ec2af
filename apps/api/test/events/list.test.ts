import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { lowestIdAt } from '../../src/common/ids.ts';
import { listEvents, type EventListFilter } from '../../src/events/event-repository.ts';
import { purgeExpired } from '../../src/retention/purge.ts';
import { readyAvatar } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { pagesOf } from '../harness/pages.ts';
import { explaining } from '../harness/query-plan.ts';
import {
  createSession,
  endSession,
  getSession,
  read,
  type List,
  type Schemas,
} from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, performed, registerWorker } from '../harness/worker.ts';

type Event = Schemas['Event'];

const DAY_MS = 24 * 60 * 60 * 1000;
const HISTORY = 20_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const list = (query = '', key = server.keys.test) =>
  read<List<Event>>(server.request(`/v1/events${query}`, { key }));
const typesOf = ({ data }: List<Event>) => data.map(({ type }) => type);

describe('each change of a session is an event with the session right after it', () => {
  test('in separate transactions', async () => {
    const created = await createSession(server);
    const { worker, assignment } = await performed(server, created.id, 'starting');
    const starting = await getSession(server, created.id);
    await worker.reported(assignment, { state: 'running', frames: 1, media_ms: 40 });
    await endSession(server, created.id);
    await worker.reported(assignment, { state: 'ended', frames: 25, media_ms: 1000 });
    const ended = await getSession(server, created.id);

    const { data } = await list(`?session_id=${created.id}`);
    expect(data.map(({ type }) => type)).toEqual([
      'session.ended',
      'session.ending',
      'session.running',
      'session.starting',
      'session.queued',
    ]);
    expect(data[0]?.data.object).toEqual(ended);
    expect(data[1]?.data.object).toMatchObject({ status: 'ending', ended_at: null, usage: { frames: 1 } });
    expect(data[2]?.data.object).toMatchObject({ status: 'running', first_frame_at: ended.first_frame_at });
    expect(data[3]?.data.object).toEqual(starting);
    expect(data[4]?.data.object).toEqual(created);
    expect(await read(server.request(`/v1/events/${data[0]?.id}`))).toEqual(data[0]);
  });

  test('in one transaction', async () => {
    const { id } = await createSession(server, { metadata: { ticket: 4709, 'with "quotes"': null } });
    const worker = await registerWorker(server);
    const assignment = await claimed(worker);
    await worker.reported(assignment, { state: 'ended', frames: 25, media_ms: 1000 });
    const ended = await getSession(server, id);
    const { data } = await list(`?session_id=${id}`);
    const earlier = { ended_at: null, failed_at: null, failure: null, metadata: ended.metadata };
    expect(data.map((event) => event.data.object)).toEqual([
      ended,
      { ...ended, ...earlier, status: 'ending' },
      { ...ended, ...earlier, status: 'running' },
      { ...ended, ...earlier, status: 'starting', first_frame_at: null },
      expect.objectContaining({ status: 'queued', started_at: null }),
    ]);
  });

  test('with the ids of the history of the session', async () => {
    const { id } = await createSession(server);
    await endSession(server, id);
    const history = await read<List<{ id: string }>>(server.request(`/v1/sessions/${id}/events`));
    const { data } = await list(`?session_id=${id}`);
    expect(data.map((event) => event.id)).toEqual(history.data.map((event) => event.id).reverse());
  });
});

test('an avatar that becomes ready is an event', async () => {
  const avatar = await readyAvatar(server);
  expect((await list('?type=avatar.ready')).data[0]).toMatchObject({
    type: 'avatar.ready',
    data: { object: avatar },
  });
});

test('a balance that falls below a tenth of its plan is one event, before that of its session', async () => {
  const { live } = await server.createOrg({ id: 'poor', planId: 'starter', credits: 51 });
  const worker = await registerWorker(server, { runtime_type: 'livekit' });
  const end = async () => {
    const { id } = await createSession(server, { max_duration_seconds: 60 }, live);
    const assignment = await claimed(worker);
    await worker.reported(assignment, { state: 'ended', frames: 25, media_ms: 1000 });
    return id;
  };
  for (let count = 0; count < 3; count += 1) await end();
  const low = await list('?type=credits.low', live);
  expect(low.data.map((event) => event.data.object)).toEqual([
    { object: 'credits', balance: 49, reserved: 0, available: 49, threshold: 50 },
  ]);
  const rows = await server.database.query<{ type: string }>({
    text: `SELECT type FROM events WHERE org_id = 'poor' AND mode = 'live' AND type IN ('credits.low', 'session.ended')
            ORDER BY sequence`,
    values: [],
  });
  expect(rows.map(({ type }) => type)).toEqual([
    'session.ended',
    'credits.low',
    'session.ended',
    'session.ended',
  ]);
});

describe('a list', () => {
  test('has the events of the mode and organisation of the key only', async () => {
    const keys = await server.createOrg({ id: 'other' });
    const { id } = await createSession(server, {}, keys.test);
    expect((await list('', keys.test)).data).toHaveLength(1);
    expect((await list('', keys.live)).data).toEqual([]);
    const [event] = (await list('', keys.test)).data;
    for (const key of [keys.live, server.keys.test]) {
      expect((await list(`?session_id=${id}`, key)).data).toEqual([]);
      const response = await server.request(`/v1/events/${event?.id}`, { key });
      expect(await errorOf(response)).toEqual({ status: 404, code: 'event.not_found', param: 'event_id' });
    }
  });

  test('filters by types, session and time, and pages through them', async () => {
    const { test: key } = await server.createOrg({ id: 'filtered' });
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { id } = await createSession(server, {}, key);
      await endSession(server, id, key);
      ids.push(id);
    }
    expect(typesOf(await list('?type=session.canceled', key))).toEqual(Array(3).fill('session.canceled'));
    const both = await list('?type=session.canceled&type=session.queued&type=session.queued', key);
    expect(both.data).toEqual((await list('', key)).data);
    expect(typesOf(await list(`?session_id=${ids[1]}&type=session.canceled`, key))).toEqual([
      'session.canceled',
    ]);
    const third = both.data[2]?.created_at ?? '';
    const after = await list(`?created_after=${third}`, key);
    const before = await list(`?created_before=${third}`, key);
    expect([...after.data, ...before.data]).toEqual(both.data);
    const pages = await pagesOf<Event>(server, '/v1/events?limit=4', { key });
    expect(pages.map((page) => page.length)).toEqual([4, 2]);
    expect(pages.flat()).toEqual(both.data);
  });

  test.each([
    ['type=session.slept', 422, 'parameter.invalid', 'type'],
    ['session_id=nonsense', 422, 'parameter.invalid', 'session_id'],
    ['starting_after=evt_01KKGP79VG6A09Y83A35BZFNZE', 400, 'cursor.unknown', 'starting_after'],
  ])('refuses %s', async (query, status, code, param) => {
    expect(await errorOf(await server.request(`/v1/events?${query}`))).toEqual({ status, code, param });
  });

  const wanted: [string, Partial<EventListFilter>, string][] = [
    ['no filter', {}, 'events_pkey'],
    ['types', { types: ['session.queued', 'session.ended'] }, 'events_org_id_mode_type_id_idx'],
    ['a session', { sessionId: 'sess_17' }, 'events_session_id_idx'],
    ['a session and types', { sessionId: 'sess_17', types: ['session.queued'] }, 'events_session_id_idx'],
  ];
  test.each(['custom', 'generic'] as const)(
    'reads no more rows in a long history, with a %s plan',
    async (mode) => {
      await server.database.query({
        text: `INSERT INTO events (org_id, mode, id, sequence, type, session_id, data)
               SELECT 'long', $2, 'evt_01KKGP79VG' || lpad(n::text, 16, '0'), n,
                      'session.' || (ARRAY['queued', 'running', 'ended'])[1 + n % 3], 'sess_' || n / 5, '{}'
                 FROM generate_series(1, $1::int) AS n ON CONFLICT DO NOTHING`,
        values: [HISTORY, mode === 'custom' ? 'test' : 'live'],
      });
      await server.database.pool.query('ANALYZE events');
      const reads: unknown[] = [];
      for (const [name, filter] of wanted) {
        const { database, planOf } = explaining(server.database, mode);
        const tenant = { orgId: 'long', mode: mode === 'custom' ? 'test' : 'live' } as const;
        const all = { types: null, sessionId: null, from: 'evt_', before: 'evt_~', take: 21 };
        await listEvents(database, tenant, { ...all, ...filter });
        for (const { table, index, rowsRead } of planOf()) {
          if (table === 'events') reads.push([name, index, rowsRead <= 42]);
        }
      }
      expect(reads).toEqual(wanted.map(([name, , index]) => [name, index, true]));
    },
  );
});

test('an event is deleted a day after its thirty days, and not before', async () => {
  const { database } = server;
  const { test: key } = await server.createOrg({ id: 'old' });
  const before = Date.now() - 31 * DAY_MS;
  // More than one batch.
  const times = [before + 60_000, ...Array.from({ length: 1_001 }, (_, index) => before - 60_000 - index)];
  await database.query({
    text: `INSERT INTO events (org_id, mode, id, sequence, type, data)
           SELECT 'old', 'test', id, row_number() OVER (), 'ping', '{"object": "credits"}' FROM unnest($1::text[]) AS id`,
    values: [times.map((time) => lowestIdAt('evt', new Date(time)))],
  });
  const never = { sessionDays: 1e4, usageDays: 1e4, ledgerDays: 1e4, auditDays: 1e4 };
  await purgeExpired(database, never);
  const rows = await database.query<{ id: string }>({
    text: `SELECT id FROM events WHERE org_id = 'old'`,
    values: [],
  });
  expect(rows).toEqual([{ id: lowestIdAt('evt', new Date(before + 60_000)) }]);
  expect((await server.request(`/v1/events/${lowestIdAt('evt', new Date(before))}`, { key })).status).toBe(
    404,
  );
});
