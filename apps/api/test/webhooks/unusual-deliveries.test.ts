import type { ServerResponse } from 'node:http';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { newId } from '../../src/common/ids.ts';
import { createSession, read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { startReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

type Delivery = Schemas['WebhookDelivery'];

let server: TestServer;
let receiver: WebhookReceiver;
let key: string;
let orgId: string;
let orgs = 0;

beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(async () => {
  orgId = `org-${(orgs += 1)}`;
  key = (await server.createOrg({ id: orgId })).test;
  receiver.received = [];
  receiver.respond = (response) => response.writeHead(204).end();
});

const request = (path: string, init: object = {}) => server.request(`/v1/${path}`, { key, ...init });
const createEndpoint = (path: string) =>
  read<Schemas['WebhookEndpointWithSecret']>(
    request('webhook_endpoints', { method: 'POST', json: { url: `${receiver.url}${path}` } }),
  );
const endSession = async () => {
  const { id } = await createSession(server, {}, key);
  await read(request(`sessions/${id}/end`, { method: 'POST' }));
};
const deliveriesOf = async (id: string) =>
  (await read<Schemas['WebhookDeliveryList']>(request(`webhook_endpoints/${id}/deliveries`))).data;

/** Appends the event of a session with other data than this release writes. */
async function appendSessionEvent(data: object): Promise<string> {
  const id = newId('evt');
  await server.database.pool.query(
    `WITH account AS (
       UPDATE accounts SET event_sequence = event_sequence + 1 WHERE org_id = $1 AND mode = 'test' RETURNING event_sequence
     )
     INSERT INTO events (org_id, mode, id, sequence, type, data)
     SELECT $1, 'test', $2, event_sequence, 'session.ended', $3 FROM account`,
    [orgId, id, JSON.stringify(data)],
  );
  return id;
}

test('an event that cannot be read is a failed attempt, and is not attempted again at once', async () => {
  const { id } = await createEndpoint('/');
  const eventId = await appendSessionEvent({ createdAt: 'never', startedAt: 'never' });
  await endSession();
  const unreadable = async () => (await deliveriesOf(id)).find(({ event_id }) => event_id === eventId);
  await until(async () => (await unreadable())?.attempts.length === 1);
  expect(await unreadable()).toMatchObject({
    status: 'pending',
    attempts: [{ error: 'event_unreadable', status_code: null }],
  });
  expect((await read<Schemas['WebhookEndpoint']>(request(`webhook_endpoints/${id}`))).status).toBe('enabled');
});

test('an event of a release that knew fewer times of a session can be read', async () => {
  await endSession();
  const { rows } = await server.database.pool.query<{ data: Record<string, unknown> }>(
    `SELECT data FROM events WHERE org_id = $1 AND type = 'session.canceled'`,
    [orgId],
  );
  const { failedAt: _failedAt, firstFrameAt: _firstFrameAt, ...data } = rows[0]?.data ?? {};
  const id = await appendSessionEvent(data);
  const event = await read<Schemas['Event']>(request(`events/${id}`));
  expect(event.data.object).toMatchObject({ failed_at: null, first_frame_at: null });
});

test('a response of the previous URL does not disable the endpoint', async () => {
  const { id } = await createEndpoint('/old');
  const waiting: ServerResponse[] = [];
  receiver.respond = (response, { path }) => {
    if (path === '/old') waiting.push(response);
    else response.writeHead(204).end();
  };
  await endSession();
  await receiver.next(({ path }) => path === '/old');
  const url = `${receiver.url}/new`;
  await read(request(`webhook_endpoints/${id}`, { method: 'PATCH', json: { url } }));
  for (const response of waiting) response.writeHead(410).end();
  await until(async () =>
    (await deliveriesOf(id)).some(({ attempts }) => attempts.some(({ status_code }) => status_code === 410)),
  );
  await endSession();
  await receiver.next(({ path }) => path === '/new');
  expect(await read(request(`webhook_endpoints/${id}`))).toMatchObject({ status: 'enabled', url });
});

test('an event that its endpoint rejects delays none of those after it', async () => {
  const { id } = await createEndpoint('/');
  receiver.respond = (response) => response.writeHead(400).end();
  await endSession();
  await until(async () => {
    const deliveries = await deliveriesOf(id);
    return deliveries.length > 0 && deliveries.every(({ attempts }) => attempts.length > 0);
  });
  receiver.respond = (response) => response.writeHead(204).end();
  await endSession();
  const succeeded = async () =>
    (await deliveriesOf(id)).some(({ status }: Delivery) => status === 'succeeded');
  // The sweep that finds forgotten endpoints runs every 10 s.
  await until(succeeded, 4_000);
});

test('no http: URL is used once local addresses are no longer allowed', async () => {
  await createEndpoint('/');
  const strict = await server.another({ webhooks: { allowLoopback: false } });
  const { rows } = await server.database.pool.query<{ id: string }>(
    'SELECT id FROM webhook_endpoints WHERE org_id = $1',
    [orgId],
  );
  const endpoint = rows[0]?.id ?? '';
  await server.database.pool.query(
    `UPDATE webhook_endpoints SET url = 'http://hooks.example.com/' WHERE id = $1`,
    [endpoint],
  );
  const ping = await read<Delivery>(
    strict.request(`/v1/webhook_endpoints/${endpoint}/test`, { key, method: 'POST', json: {} }),
  );
  const attempts = async () =>
    (await read<Delivery>(strict.request(`/v1/webhook_deliveries/${ping.id}`, { key }))).attempts;
  await until(async () => (await attempts()).length > 0);
  expect((await attempts())[0]?.error).toBe('address_refused');
});
