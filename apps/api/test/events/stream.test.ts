import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

import { Prisma, type Transaction } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';

import { lowestIdAt, newId } from '../../src/common/ids.ts';
import { DispatchNotifier, EVENT_CHANNEL } from '../../src/dispatch/dispatch-notifier.ts';
import { appendEvent } from '../../src/event-log/event-log-repository.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { CLIENT_TIMEOUTS } from '../../src/http/timeouts.ts';
import { LISTENER_NAME } from '../../src/rate-limits/process-repository.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, read, type List } from '../harness/responses.ts';
import { openStream, type Event, type StreamReader } from '../harness/stream-reader.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Large events, 12 MB together. */
const COPIES = 1_500;
const FIRST = 'evt_00000000000000000000000000';

let server: TestServer;
let notifier: DispatchNotifier;
const readers: StreamReader[] = [];

beforeAll(async () => {
  server = await startTestServer({ streamHeartbeatMs: 100 });
  notifier = new DispatchNotifier(server.database, pino({ level: 'silent' }));
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(() => server.close());

const open: typeof openStream = async (...options) => {
  const reader = await openStream(...options);
  readers.push(reader);
  return reader;
};
const listed = async (key: string) => {
  const page = await read<List<Event>>(server.request('/v1/events?limit=100', { key }));
  return page.data.reverse();
};
const canceled = async (key?: string) => {
  const { id } = await createSession(server, {}, key);
  await endSession(server, id, key);
  return id;
};
const orgOf = (id: string) => server.createOrg({ id });

/** Appends an event in a transaction of the test. */
const append = (tx: Transaction, orgId: string) =>
  appendEvent(
    tx,
    { orgId, mode: 'test' },
    {
      type: 'credits.low',
      data: { object: 'credits', balance: 1, reserved: 0, available: 1, threshold: 5 },
    },
    notifier,
  );
const appended = (orgId: string) => server.database.transaction((tx) => append(tx, orgId));

describe('a stream', () => {
  test('sends each event as the list has it, in order', async () => {
    const { test: key } = await orgOf('ordered');
    const reader = await open(server, '', { key });
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
    const { id } = await createSession(server, {}, key);
    const other = await canceled(key);
    await endSession(server, id, key);
    await reader.received(4);
    expect(reader.events).toEqual(await listed(key));
    expect(reader.events.map(({ type, data }) => [type, (data.object as { id: string }).id])).toEqual([
      ['session.queued', id],
      ['session.queued', other],
      ['session.canceled', other],
      ['session.canceled', id],
    ]);
  });

  test('sends events of a worker', async () => {
    const { id } = await createSession(server);
    const reader = await open(server, `?session_id=${id}`);
    await performed(server, id);
    await endSession(server, id);
    await reader.received(3);
    expect(reader.events.map(({ type }) => type)).toEqual([
      'session.starting',
      'session.running',
      'session.ending',
    ]);
  });

  test('sends only the requested types and session', async () => {
    const { test: key } = await orgOf('filters');
    const before = await createSession(server, {}, key);
    const ofType = await open(server, '?type=session.canceled&type=session.failed', { key });
    const ofSession = await open(server, `?session_id=${before.id}`, { key });
    const both = await open(server, `?session_id=${before.id}&type=session.queued`, { key });
    const last = await open(server, '?type=credits.low', { key });
    const other = await canceled(key);
    await endSession(server, before.id, key);
    await appended('filters');
    // The last of all events.
    await last.received(1);
    expect(ofType.events.map(({ data }) => (data.object as { id: string }).id)).toEqual([other, before.id]);
    expect(ofSession.events.map(({ type }) => type)).toEqual(['session.canceled']);
    expect(both.events).toEqual([]);
    expect(last.events.map(({ type }) => type)).toEqual(['credits.low']);
  });

  test('never has events of another organisation or mode', async () => {
    const one = await orgOf('one');
    const two = await orgOf('two');
    const streams = await Promise.all([one.test, one.live, two.test].map((key) => open(server, '', { key })));
    await createSession(server, {}, two.live);
    const expected = [];
    for (const key of [one.test, one.live, two.test]) {
      expected.push((await createSession(server, {}, key)).id);
    }
    await Promise.all(streams.map((stream) => stream.received(1)));
    const ids = streams.map(({ events }) => events.map(({ data }) => (data.object as { id: string }).id));
    expect(ids).toEqual(expected.map((id) => [id]));
  });

  test('sends heartbeats with a position to resume from that advances', async () => {
    const { test: key } = await orgOf('quiet');
    const reader = await open(server, '?type=session.failed', { key });
    await until(() => reader.marks.length > 1);
    expect(new Set(reader.marks)).toEqual(new Set([FIRST]));
    await canceled(key);
    const last = (await listed(key)).at(-1)?.id;
    await until(() => reader.marks.at(-1) === last);
    const resumed = await open(server, `?last_event_id=${last}`, { key });
    await canceled(key);
    await resumed.received(2);
    expect(resumed.events).toEqual((await listed(key)).slice(2));
  });

  test('has headers only in the response to HEAD', async () => {
    const response = await server.request('/v1/events/stream', { method: 'HEAD' });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe('');
  });
});

describe('a stream resumes', () => {
  test('after any event, with the next one, even on another process', async () => {
    const other = await server.another();
    const { test: key } = await orgOf('resumes');
    for (let count = 0; count < 5; count += 1) await canceled(key);
    const all = await listed(key);
    for (const [index, { id }] of all.entries()) {
      const headers = { 'Last-Event-ID': id };
      const streams = [
        await open(server, '', { key, headers }),
        await open(other, `?last_event_id=${id}`, { key }),
        // The header is newer than the parameter.
        await open(other, `?last_event_id=${all[0]?.id}`, { key, headers }),
      ];
      for (const stream of streams) {
        await stream.received(all.length - index - 1);
        expect(stream.events).toEqual(all.slice(index + 1));
      }
    }
    await other.close();
  });

  test('from the oldest event, over several batches, while more happen', async () => {
    const { test: key } = await orgOf('busy');
    const total = 350;
    for (let count = 0; count < total / 2; count += 1) await appended('busy');
    const reading = open(server, `?last_event_id=${FIRST}`, { key });
    for (let count = 0; count < total / 2; count += 1) await appended('busy');
    const reader = await reading;
    await reader.received(total);
    const rows = await server.database.query<{ id: string }>(
      Prisma.sql`SELECT id FROM events WHERE org_id = 'busy' ORDER BY sequence`,
    );
    expect(reader.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test('with the requested types and session, and advances to the end', async () => {
    const { test: key } = await orgOf('sparse');
    const first = await canceled(key);
    for (let count = 0; count < 60; count += 1) await appended('sparse');
    const second = await canceled(key);
    await appended('sparse');
    const end = (await listed(key)).at(-1)?.id;
    const from = `last_event_id=${FIRST}`;
    const ofType = await open(server, `?${from}&type=session.canceled`, { key });
    const ofSession = await open(server, `?${from}&session_id=${second}`, { key });
    const both = await open(server, `?${from}&session_id=${first}&type=session.canceled`, { key });
    const many = await open(server, `?${from}&type=credits.low`, { key });
    const streams = [ofType, ofSession, both, many];
    await until(() => streams.every(({ marks }) => marks.at(-1) === end));
    const ids = ({ events }: StreamReader) => events.map(({ data }) => (data.object as { id: string }).id);
    expect(ids(ofType)).toEqual([first, second]);
    expect(ids(ofSession)).toEqual([second, second]);
    expect(both.events.map(({ type }) => type)).toEqual(['session.canceled']);
    expect(ids(both)).toEqual([first]);
    expect(many.events).toHaveLength(61);
  });

  test.each([
    ['a text that is not an id', 'nonsense', 'cursor.unknown'],
    ['an event that does not exist', newId('evt'), 'cursor.unknown'],
    ['an event that is not kept', lowestIdAt('evt', new Date(Date.now() - 31 * DAY_MS)), 'cursor.expired'],
  ])('not after %s', async (_, id, code) => {
    const query = await server.request(`/v1/events/stream?last_event_id=${id}`);
    expect(await errorOf(query)).toEqual({ status: 400, code, param: 'last_event_id' });
    const header = await server.request('/v1/events/stream', { headers: { 'Last-Event-ID': id } });
    expect(await errorOf(header)).toEqual({ status: 400, code, param: 'Last-Event-ID' });
  });

  test('not after an event that is too old for the list, even while it exists', async () => {
    const { test: key } = await orgOf('aged');
    await canceled(key);
    const aged = lowestIdAt('evt', new Date(Date.now() - 31 * DAY_MS));
    await server.database.query(
      Prisma.sql`UPDATE events SET id = ${aged} WHERE org_id = 'aged' AND sequence = 1`,
    );
    const [last, ...others] = await listed(key);
    expect([last?.type, others]).toEqual(['session.canceled', []]);
    expect((await server.request(`/v1/events/${aged}`, { key })).status).toBe(404);
    const response = await server.request(`/v1/events/stream?last_event_id=${aged}`, { key });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'cursor.expired' });
    const reader = await open(server, `?last_event_id=${FIRST}`, { key });
    expect(await reader.received(1)).toEqual([last]);
  });

  test('not after an event of another organisation or mode', async () => {
    const { live: key } = await orgOf('foreign');
    await createSession(server, {}, key);
    const [event] = await listed(key);
    const response = await server.request(`/v1/events/stream?last_event_id=${event?.id}`);
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'cursor.unknown' });
  });
});

describe('events are in the order of their commits', () => {
  test('so an event with an older id that commits later is not lost', async () => {
    const { test: key } = await orgOf('late');
    const reader = await open(server, '', { key });
    const older = newId('evt');
    await appended('late');
    const [first] = await reader.received(1);
    expect(older < (first?.id ?? '')).toBe(true);
    await server.database.query(Prisma.sql`
      WITH account AS (
        UPDATE accounts SET event_sequence = event_sequence + 1 WHERE org_id = 'late' AND mode = 'test'
        RETURNING event_sequence)
      INSERT INTO events (org_id, mode, id, sequence, type, data)
      SELECT 'late', 'test', ${older}, event_sequence, 'credits.low',
             (SELECT data FROM events WHERE org_id = 'late' LIMIT 1) FROM account`);
    // No process was notified, so polling finds it.
    await reader.received(2);
    expect(reader.events.map(({ id }) => id)).toEqual([first?.id, older]);
    const resumed = await open(server, `?last_event_id=${first?.id}`, { key });
    expect((await resumed.received(1)).map(({ id }) => id)).toEqual([older]);
  });

  test('so a transaction waits for the one before it, and leaves no gap when it is rolled back', async () => {
    const { test: key } = await orgOf('waiting');
    const reader = await open(server, '', { key });
    let isSecondDone = false;
    let second: Promise<void> | undefined;
    const first = server.database.transaction(async (tx) => {
      await append(tx, 'waiting');
      second = appended('waiting').then(() => {
        isSecondDone = true;
      });
      await until(async () => {
        const { rowCount } = await server.database.pool.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%event_sequence%'`,
        );
        return rowCount === 1;
      });
      expect(isSecondDone).toBe(false);
      throw new Error('rolled back');
    });
    await expect(first).rejects.toThrow('rolled back');
    await second;
    await appended('waiting');
    await reader.received(2);
    const rows = await server.database.query<{ id: string; sequence: string }>(
      Prisma.sql`SELECT id, sequence FROM events WHERE org_id = 'waiting' ORDER BY sequence`,
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual(['1', '2']);
    expect(reader.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test('with many transactions of two processes at once, some of them rolled back', async () => {
    const other = await server.another();
    const { test: key } = await orgOf('crowd');
    const streams = await Promise.all(
      [server, other, server, other].map((process) => open(process, '', { key })),
    );
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let count = 0; count < 12; count += 1) {
        await server.serverDatabase
          .transaction(async (tx) => {
            await append(tx, 'crowd');
            if ((writer + count) % 3 === 0) throw new Error('rolled back');
          })
          .catch(() => undefined);
      }
    });
    await Promise.all(writers);
    const rows = await server.database.query<{ id: string }>(
      Prisma.sql`SELECT id FROM events WHERE org_id = 'crowd' ORDER BY sequence`,
    );
    expect(rows).toHaveLength(64);
    for (const stream of streams) {
      await stream.received(rows.length);
      expect(stream.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    }
    await other.close();
  });
});

describe('a stream ends', () => {
  test('cleanly when its process drains, and continues on another one', async () => {
    const stopping = await server.another();
    const { test: key } = await orgOf('draining');
    const reader = await open(stopping, '', { key });
    await canceled(key);
    await reader.received(2);
    await stopping.close();
    await until(() => reader.over !== null);
    expect(reader.over).toEqual({ error: null });
    expect(reader.retries).toHaveLength(2);
    await canceled(key);
    const resumed = await open(server, '', {
      key,
      headers: { 'Last-Event-ID': reader.events.at(-1)?.id ?? '' },
    });
    await resumed.received(2);
    expect([...reader.events, ...resumed.events]).toEqual(await listed(key));
  });

  test('without a write after the end of a response to HEAD that its process accepted before it drained', async () => {
    const streams = new EventStreams(server.serverDatabase, pino({ level: 'silent' }));
    streams.close();
    const faults: unknown[] = [];
    const listener = createServer((_request, response) => {
      response.on('error', (error) => faults.push(error)).end();
      const options = {
        from: { sequence: 0, id: FIRST },
        filter: { types: null, sessionId: null },
        isAllowed: async () => true,
      };
      streams
        .serve(response, { orgId: 'dev', mode: 'test' }, options)
        .catch((error: unknown) => faults.push(error));
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    await fetch(`http://127.0.0.1:${port}`, { method: 'HEAD' });
    await until(() => streams.size === 0);
    listener.close();
    expect(faults).toEqual([]);
  });

  test('when the database has lost events that were sent, as after a failover', async () => {
    const { test: key } = await orgOf('regressed');
    const reader = await open(server, '', { key });
    await canceled(key);
    const [, last] = await reader.received(2);
    await server.database.query(
      Prisma.sql`DELETE FROM events WHERE org_id = 'regressed' AND id = ${last?.id}`,
    );
    await server.database.query(
      Prisma.sql`UPDATE accounts SET event_sequence = event_sequence - 1 WHERE org_id = 'regressed' AND mode = 'test'`,
    );
    await until(() => reader.over !== null);
    await canceled(key);
    const response = await server.request(`/v1/events/stream?last_event_id=${last?.id}`, { key });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'cursor.unknown' });
    const again = await open(server, `?last_event_id=${FIRST}`, { key });
    expect((await again.received(3)).map(({ type }) => type)).toEqual([
      ...['session.queued', 'session.queued', 'session.canceled'],
    ]);
  });

  test('soon after its key is revoked or its organisation suspended', async () => {
    await orgOf('ending');
    const { id, secret } = await server.createKey({ orgId: 'ending' });
    const { secret: another } = await server.createKey({ orgId: 'ending' });
    const revoked = await open(server, '', { key: secret });
    const suspended = await open(server, '', { key: another });
    expect((await server.request(`/v1/api_keys/${id}`, { method: 'DELETE', key: another })).status).toBe(204);
    await until(() => revoked.over !== null);
    expect([revoked.over, suspended.over]).toEqual([{ error: null }, null]);
    await server.database.query(Prisma.sql`UPDATE orgs SET suspended_at = now() WHERE id = 'ending'`);
    await server.database.query(Prisma.sql`SELECT pg_notify('greenroom_keys', 'ending')`);
    await until(() => suspended.over !== null);
  });

  test('at an event that does not match the document, but other streams of its tenant continue', async () => {
    const { test: key } = await orgOf('invalid');
    const insert = (type: string) =>
      server.database.query(Prisma.sql`
        WITH account AS (
          UPDATE accounts SET event_sequence = event_sequence + 1 WHERE org_id = 'invalid' AND mode = 'test'
          RETURNING event_sequence)
        INSERT INTO events (org_id, mode, id, sequence, type, data)
        SELECT 'invalid', 'test', ${newId('evt')}, event_sequence, ${type}, '{"object": "credits"}' FROM account`);
    const types = ({ events }: StreamReader) => events.map(({ type }) => type);
    const all = await open(server, '', { key });
    const some = await open(server, '?type=session.canceled', { key });
    await createSession(server, {}, key);
    // This type belongs to a later version.
    await insert('later.type');
    await appended('invalid');
    await all.received(2);
    await insert('credits.low');
    await canceled(key);
    await some.received(1);
    await until(() => all.over !== null);
    expect(types(all)).toEqual(['session.queued', 'credits.low']);
    const resumed = await open(server, `?last_event_id=${FIRST}`, { key });
    await until(() => resumed.over !== null);
    expect(types(resumed)).toEqual(['session.queued', 'credits.low']);
    // The client must not reconnect every second.
    expect(resumed.retries.at(-1)).toBeGreaterThanOrEqual(15_000);
    const filtered = await open(server, `?last_event_id=${FIRST}&type=session.canceled`, { key });
    await filtered.received(1);
    expect([some.over, filtered.over]).toEqual([null, null]);
  });

  test('when its client does not read, without affecting others', async () => {
    const readMs = 500;
    const strict = await server.another({ clientTimeouts: { ...CLIENT_TIMEOUTS, readMs } });
    const { test: key } = await orgOf('slow');
    const socket = connect(Number(new URL(strict.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    socket.write(`GET /v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    const reader = await open(strict, '', { key });
    await createSession(server, { metadata: { ticket: 'x'.repeat(8_000) } }, key);
    // More than the buffers of the operating system hold.
    await server.database.query(Prisma.sql`
      WITH account AS (
        UPDATE accounts SET event_sequence = event_sequence + ${COPIES}::int WHERE org_id = 'slow' AND mode = 'test')
      INSERT INTO events SELECT org_id, mode, left(id, 20) || lpad(n::text, 10, '0'), n + 1, type, session_id, data
        FROM events, generate_series(1, ${COPIES}::int) AS n WHERE org_id = 'slow'`);
    await server.database.query(Prisma.sql`SELECT pg_notify(${EVENT_CHANNEL}, 'slow test')`);
    await reader.received(COPIES + 1);
    await until(() => strict.logLines.some((line) => line.includes('"aborted":true')));
    expect(reader.over).toBeNull();
    const numbers = reader.events.slice(1).map(({ id }) => Number(id.slice(20)));
    expect(numbers).toEqual(Array.from({ length: COPIES }, (_, index) => index + 1));
    socket.resume();
    await closed;
    await strict.close();
  });
});

test('a key has at most a hundred streams on one process, and one that ends makes room', async () => {
  const { secret: key } = await server.createKey();
  const streams = await Promise.all(Array.from({ length: 100 }, () => open(server, '', { key })));
  const response = await server.request('/v1/events/stream', { key });
  expect(await errorOf(response)).toMatchObject({ status: 429, code: 'concurrent_streams' });
  expect((await open(server)).over).toBeNull();
  streams[0]?.close();
  await until(async () => (await server.request('/v1/events/stream', { key, method: 'HEAD' })).ok);
});

test('no event is lost while notifications are interrupted', async () => {
  const { test: key } = await orgOf('interrupted');
  const reader = await open(server, '', { key });
  for (let count = 1; count <= 3; count += 1) {
    await server.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = $1 AND datname = current_database()`,
      [LISTENER_NAME],
    );
    await appended('interrupted');
    await reader.received(count);
  }
});

test('five hundred streams of a process read an event once', async () => {
  // Heartbeats are as rare as in production.
  const busy = await server.another({ streamHeartbeatMs: 15_000 });
  const orgs: string[] = [];
  for (let org = 0; org < 5; org += 1) orgs.push((await orgOf(`many-${org}`)).test);
  const streams = await Promise.all(
    Array.from({ length: 500 }, (_, index) => open(busy, '', { key: orgs[index % 5] ?? '' })),
  );
  const query = jest.spyOn(server.serverDatabase.pool, 'query');
  for (const key of orgs) await createSession(server, {}, key);
  await Promise.all(streams.map((stream) => stream.received(1)));
  const texts = query.mock.calls.map(([statement]: unknown[]) =>
    typeof statement === 'string' ? statement : (statement as { text: string }).text,
  );
  query.mockRestore();
  const readings = texts.filter((text) => text.includes('FROM events'));
  await busy.close();
  expect(readings.length).toBeGreaterThanOrEqual(5);
  // A notification that arrives during a read causes another one.
  expect(readings.length).toBeLessThanOrEqual(10);
});
