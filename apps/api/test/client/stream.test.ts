import { createGreenroom, type Greenroom, type Schemas } from '@greenroom/client';
import { sessionCreate, startTcpProxy, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { checkedFetch } from '../harness/checked-fetch.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

type Event = Schemas['Event'];

let server: TestServer;
let greenroom: Greenroom;
beforeAll(async () => {
  server = await startTestServer({ streamHeartbeatMs: 100 });
  greenroom = clientOf(server.url);
});
afterAll(() => server.close());

/** Creates a client, and records the requests that it sends. */
function clientOf(baseUrl: string, apiKey = server.keys.test, seen: string[] = []): Greenroom {
  return createGreenroom({
    apiKey,
    baseUrl,
    fetch(request) {
      seen.push(new URL(request.url).pathname);
      return checkedFetch(request);
    },
  });
}

const canceled = async (client = greenroom) => {
  const { id } = await client.sessions.create(await sessionCreate());
  await client.sessions.end(id);
  return id;
};

/** Collects events in the background. */
function collect(client: Greenroom, options: Parameters<Greenroom['events']['stream']>[0] = {}) {
  const controller = new AbortController();
  const events: Event[] = [];
  const done = (async () => {
    for await (const event of client.events.stream({ ...options, signal: controller.signal })) {
      events.push(event);
    }
  })().catch((error: unknown) => error);
  return { events, done, stop: (reason?: unknown) => controller.abort(reason) };
}

test('a loop has each event once and in order, over lost connections and restarts of the server', async () => {
  const keys = await server.createOrg({ id: 'restarts' });
  const direct = clientOf(server.url, keys.test);
  const processes = [await server.another(), await server.another()];
  const ports = processes.map(({ url }) => Number(new URL(url).port));
  const proxies = await Promise.all(ports.map((port) => startTcpProxy(port)));
  let current = 0;
  const client = createGreenroom({
    apiKey: keys.test,
    baseUrl: 'http://greenroom.test',
    // Acts as a load balancer in front of two processes.
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(`http://127.0.0.1:${proxies[current]?.port}${pathname}${search}`, request));
    },
  });
  const { events, done, stop } = collect(client, { lastEventId: 'evt_00000000000000000000000000' });
  for (let round = 0; round < 4; round += 1) {
    await canceled(direct);
    await until(() => events.length > 0);
    if (round === 1) proxies[0]?.resetConnections();
    if (round === 2) {
      current = 1;
      await processes[0]?.close();
    }
    await canceled(direct);
  }
  await until(() => events.length >= 16);
  stop('done');
  expect(await done).toBe('done');
  const listed: Event[] = [];
  for await (const event of direct.events.list()) listed.unshift(event);
  expect(events).toEqual(listed);
  await processes[1]?.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
}, 60_000);

test('a loop has only events of the requested types and session', async () => {
  const session = await greenroom.sessions.create(await sessionCreate());
  const lastEventId = 'evt_00000000000000000000000000';
  const of = collect(greenroom, { sessionId: session.id, types: ['session.canceled'], lastEventId });
  await canceled();
  await greenroom.sessions.end(session.id);
  await until(() => of.events.length === 1);
  expect(of.events[0]).toMatchObject({ type: 'session.canceled', data: { object: { id: session.id } } });
  of.stop();
});

test('a loop that is left closes its stream', async () => {
  const { secret } = await server.createKey();
  const client = clientOf(server.url, secret);
  await canceled();
  const first: string[] = [];
  // More streams than a key may have at once.
  for (let count = 0; count < 110; count += 1) {
    for await (const { id } of client.events.stream({ lastEventId: 'evt_00000000000000000000000000' })) {
      first.push(id);
      break;
    }
  }
  expect(first).toHaveLength(110);
});

test.each([
  ['a key that is not valid', { key: `sk_test_${'A'.repeat(43)}` }, {}, 'api_key.unknown'],
  ['an event that does not exist', {}, { lastEventId: 'evt_01KKGP3AHXVQV4KG6WMY16063Q' }, 'cursor.unknown'],
])('a loop rejects for %s', async (_, { key = server.keys.test }: { key?: string }, options, code) => {
  const events = clientOf(server.url, key).events.stream(options);
  const expected = code === 'cursor.unknown' ? /^cursor\.(unknown|expired)$/ : /^api_key\.unknown$/;
  await expect(events.next()).rejects.toMatchObject({ code: expect.stringMatching(expected) });
});

describe('waitFor', () => {
  test('follows the events instead of polling the session', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const seen: string[] = [];
    const waiting = clientOf(server.url, server.keys.test, seen).sessions.waitFor(id, ['canceled'], {
      pollIntervalMs: 20,
    });
    const gets = () => seen.filter((path) => path === `/v1/sessions/${id}`).length;
    await until(() => gets() >= 2);
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < 1_000) await canceled();
    await greenroom.sessions.end(id);
    expect((await waiting).status).toBe('canceled');
    // Polling would send a request in each of about fifty intervals.
    expect(gets()).toBeLessThan(15);
  });

  test('of many sessions shares one stream, and none of them misses its event', async () => {
    const { secret } = await server.createKey();
    const seen: string[] = [];
    const { sessions } = clientOf(server.url, secret, seen);
    const streams = () => seen.filter((path) => path === '/v1/events/stream').length;
    // Ending the sessions releases the credits of the organisation.
    const ids = await Promise.all(
      Array.from({ length: 12 }, async () => (await sessions.create(await sessionCreate())).id),
    );
    const waiting = ids.map((id) => sessions.waitFor(id, ['canceled'], { pollIntervalMs: 50 }));
    // The second session opens a stream of all sessions, which the others share.
    await until(() => streams() === 2);
    for (const id of ids) await sessions.end(id);
    expect((await Promise.all(waiting)).map(({ id }) => id)).toEqual(ids);
    expect(streams()).toBe(2);
    // The last call closes that stream, and the next call opens a stream of one session.
    const next = await sessions.create(await sessionCreate());
    const last = sessions.waitFor(next.id, ['canceled']);
    await until(() => streams() === 3);
    await sessions.end(next.id);
    await last;
  });

  test('finds a status that the session has already left', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const isOpen = (line: string) => line.includes('request is waiting');
    const before = server.logLines.filter(isOpen).length;
    const waiting = greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 100_000 });
    await until(() => server.logLines.filter(isOpen).length > before);
    await performed(server, id);
    await greenroom.sessions.end(id);
    expect((await waiting).status).toBe('running');
  });

  test('polls the session while the stream is rejected', async () => {
    const { secret } = await server.createKey();
    const streams = Array.from({ length: 100 }, () => collect(clientOf(server.url, secret)));
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const waiting = clientOf(server.url, secret).sessions.waitFor(id, ['canceled'], { pollIntervalMs: 20 });
    await greenroom.sessions.end(id);
    expect((await waiting).status).toBe('canceled');
    for (const stream of streams) stream.stop();
  });
});
