import { createGreenroom, type Greenroom } from '@greenroom/client';
import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { checkedFetch } from '../harness/checked-fetch.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { performed } from '../harness/worker.ts';

let server: TestServer;
let greenroom: Greenroom;

beforeAll(async () => {
  server = await startTestServer();
  greenroom = createGreenroom({ apiKey: server.keys.test, baseUrl: server.url, fetch: checkedFetch });
});
afterAll(() => server.close());

/** Creates a client that loses the first response of the server. */
function losingTheFirstResponse() {
  const requests: Request[] = [];
  const client = createGreenroom({
    apiKey: server.keys.test,
    baseUrl: server.url,
    async fetch(request) {
      requests.push(request.clone());
      const response = await checkedFetch(request);
      if (requests.length > 1) return response;
      await response.text();
      throw new TypeError('the connection was lost');
    },
  });
  return { client, requests };
}

describe('a request whose response was lost', () => {
  test('is sent again with the same idempotency key for a create, which makes one session', async () => {
    const before = await server.database.prisma.session.count();
    const { client, requests } = losingTheFirstResponse();
    const session = await client.sessions.create(await sessionCreate());
    expect(requests).toHaveLength(2);
    const keys = requests.map((request) => request.headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/\S{16,}/);
    expect(keys[1]).toBe(keys[0]);
    expect(await server.database.prisma.session.count()).toBe(before + 1);
    expect((await greenroom.sessions.get(session.id)).id).toBe(session.id);
  });

  test('is not sent again without an idempotency key', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const { client, requests } = losingTheFirstResponse();
    await expect(client.sessions.end(id)).rejects.toMatchObject({ type: 'connection' });
    expect(requests).toHaveLength(1);
  });
});

test('a rate-limited call is retried after the time that the server announced', async () => {
  const keys = await server.createOrg({
    id: 'slow',
    overrides: { requestsPerSecond: 2, createsPerSecond: 1 },
  });
  const statuses: number[] = [];
  const client = createGreenroom({
    apiKey: keys.test,
    baseUrl: server.url,
    maxRetries: 5,
    async fetch(request) {
      const response = await checkedFetch(request);
      statuses.push(response.status);
      return response;
    },
  });
  while (!statuses.includes(429)) await client.sessions.list();
  expect(statuses.at(-1)).toBe(200);
});

describe('waitFor', () => {
  test('resolves when the session reaches the status', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const waiting = greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 20 });
    await performed(server, id);
    expect(await waiting).toMatchObject({ id, status: 'running' });
  });

  test('rejects as soon as the session can no longer reach the status', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const waiting = greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 20 });
    waiting.catch(() => undefined);
    await greenroom.sessions.end(id);
    await expect(waiting).rejects.toMatchObject({
      type: 'session_over',
      session: { id, status: 'canceled' },
    });
  });

  test('rejects after its timeout', async () => {
    const { id } = await greenroom.sessions.create(await sessionCreate());
    const waiting = greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 20, timeoutMs: 100 });
    await expect(waiting).rejects.toMatchObject({ type: 'timeout', code: 'wait_timeout' });
  });
});

test('a call that is cancelled rejects with the reason', async () => {
  const reason = new Error('no longer needed');
  await expect(greenroom.sessions.list({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
