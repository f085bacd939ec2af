import type { ServerResponse } from 'node:http';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { newId } from '../../src/common/ids.ts';
import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { createWebhookOrg, type WebhookOrg } from '../harness/webhook-org.ts';
import { startReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

type Delivery = Schemas['WebhookDelivery'];

let server: TestServer;
let receiver: WebhookReceiver;
let org: WebhookOrg;

beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(async () => {
  org = await createWebhookOrg(server, receiver);
  receiver.received = [];
  receiver.respond = (response) => response.writeHead(204).end();
});

/** Appends the event of a session with data that this release does not write. */
async function appendSessionEvent(data: object): Promise<string> {
  const id = newId('evt');
  await server.database.pool.query(
    `WITH account AS (
       UPDATE accounts SET event_sequence = event_sequence + 1 WHERE org_id = $1 AND mode = 'test' RETURNING event_sequence
     )
     INSERT INTO events (org_id, mode, id, sequence, type, data)
     SELECT $1, 'test', $2, event_sequence, 'session.ended', $3 FROM account`,
    [org.id, id, JSON.stringify(data)],
  );
  return id;
}

test('an unreadable event is a failed attempt, and is not attempted again at once', async () => {
  const { id } = await org.createEndpoint('/');
  const eventId = await appendSessionEvent({ createdAt: 'never', startedAt: 'never' });
  await org.endSession();
  const unreadable = async () => (await org.deliveriesTo(id)).find(({ event_id }) => event_id === eventId);
  await until(async () => (await unreadable())?.attempts.length === 1);
  expect(await unreadable()).toMatchObject({
    status: 'pending',
    attempts: [{ error: 'event_unreadable', status_code: null }],
  });
  expect((await read<Schemas['WebhookEndpoint']>(org.request(`webhook_endpoints/${id}`))).status).toBe(
    'enabled',
  );
});

test('an event of an older release, without newer timestamps of a session, can be read', async () => {
  await org.endSession();
  const { rows } = await server.database.pool.query<{ data: Record<string, unknown> }>(
    `SELECT data FROM events WHERE org_id = $1 AND type = 'session.canceled'`,
    [org.id],
  );
  const { failedAt: _failedAt, firstFrameAt: _firstFrameAt, ...data } = rows[0]?.data ?? {};
  const id = await appendSessionEvent(data);
  const event = await read<Schemas['Event']>(org.request(`events/${id}`));
  expect(event.data.object).toMatchObject({ failed_at: null, first_frame_at: null });
});

test.each([
  ['disables', 410],
  ['pauses', 500],
])('no response of the previous URL %s the endpoint', async (_what, status) => {
  const { id } = await org.createEndpoint('/old');
  const waiting: ServerResponse[] = [];
  receiver.respond = (response, { path }) => {
    if (path === '/old') waiting.push(response);
    else response.writeHead(204).end();
  };
  // More failures than an endpoint may have before its pause.
  for (let count = 0; count < 4; count += 1) await org.endSession();
  await until(() => waiting.length >= 4);
  const url = `${receiver.url}/new`;
  await read(org.request(`webhook_endpoints/${id}`, { method: 'PATCH', json: { url } }));
  for (const response of waiting) response.writeHead(status).end();
  const failed = async () =>
    (await org.deliveriesTo(id)).filter(({ attempts }) => attempts[0]?.status_code === status).length;
  await until(async () => (await failed()) >= 4);
  expect(await read(org.request(`webhook_endpoints/${id}`))).toMatchObject({ status: 'enabled', url });
  const { rows } = await server.database.pool.query(
    'SELECT failures, paused_until FROM webhook_endpoints WHERE id = $1',
    [id],
  );
  expect(rows).toEqual([{ failures: 0, paused_until: null }]);
  await receiver.next(({ path }) => path === '/new');
});

test('an event that its endpoint rejects delays no later events', async () => {
  const { id } = await org.createEndpoint('/');
  receiver.respond = (response) => response.writeHead(400).end();
  await org.endSession();
  await until(async () => {
    const deliveries = await org.deliveriesTo(id);
    return deliveries.length > 0 && deliveries.every(({ attempts }) => attempts.length > 0);
  });
  receiver.respond = (response) => response.writeHead(204).end();
  await org.endSession();
  const succeeded = async () =>
    (await org.deliveriesTo(id)).some(({ status }: Delivery) => status === 'succeeded');
  // The sweep that finds forgotten endpoints runs every 10 s.
  await until(succeeded, 4_000);
});

test('no http: URL is used once local addresses are no longer allowed', async () => {
  await org.createEndpoint('/');
  const strict = await server.another({ webhooks: { allowLoopback: false } });
  const { rows } = await server.database.pool.query<{ id: string }>(
    'SELECT id FROM webhook_endpoints WHERE org_id = $1',
    [org.id],
  );
  const endpoint = rows[0]?.id ?? '';
  await server.database.pool.query(
    `UPDATE webhook_endpoints SET url = 'http://hooks.example.com/' WHERE id = $1`,
    [endpoint],
  );
  const ping = await read<Delivery>(
    strict.request(`/v1/webhook_endpoints/${endpoint}/test`, { key: org.key, method: 'POST', json: {} }),
  );
  const attempts = async () =>
    (await read<Delivery>(strict.request(`/v1/webhook_deliveries/${ping.id}`, { key: org.key }))).attempts;
  await until(async () => (await attempts()).length > 0);
  expect((await attempts())[0]?.error).toBe('address_refused');
});
