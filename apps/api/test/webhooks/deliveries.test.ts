import { setTimeout as delay } from 'node:timers/promises';

import { eventTypeValues } from '@greenroom/contract';
import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

import { newId } from '../../src/common/ids.ts';
import { createSession, read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { createWebhookOrg, type WebhookOrg } from '../harness/webhook-org.ts';
import {
  signatureHeaders,
  startReceiver,
  type Received,
  type WebhookReceiver,
} from '../harness/webhook-receiver.ts';

type Endpoint = Schemas['WebhookEndpointWithSecret'];
type Delivery = Schemas['WebhookDelivery'];

/** Long enough for a busy machine, because an attempt that times out is repeated. */
const TIMEOUT_MS = 3_000;

let server: TestServer;
let receiver: WebhookReceiver;
/** A new organisation, without other endpoints. */
let org: WebhookOrg;

beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true, timeoutMs: TIMEOUT_MS } });
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

afterEach(async () => {
  // Pending deliveries must not reach later tests.
  const { data } = await read<Schemas['WebhookEndpointList']>(org.request('webhook_endpoints'));
  for (const { id } of data) await org.request(at(id), { method: 'DELETE' });
});

const post = (path: string, json?: object) =>
  org.request(path, { method: 'POST', ...(json !== undefined && { json }) });

const at = (id: string) => `webhook_endpoints/${id}`;
const ping = (id: string) => read<Delivery>(post(`${at(id)}/test`, {}));
const deliveryOf = (id: string) => read<Delivery>(org.request(`webhook_deliveries/${id}`));

/** Resolves with a delivery once it has a number of attempts. */
async function attempted(id: string, attempts = 1): Promise<Delivery> {
  let delivery = await deliveryOf(id);
  await until(async () => (delivery = await deliveryOf(id)).attempts.length >= attempts);
  return delivery;
}

/** Skips time for an endpoint: its scheduled deliveries are due now, and its pause is over. */
async function skipWait(id: string): Promise<void> {
  const { pool } = server.database;
  await pool.query('UPDATE webhook_endpoints SET paused_until = NULL WHERE id = $1', [id]);
  await pool.query(
    `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE endpoint_id = $1 AND next_attempt_at IS NOT NULL`,
    [id],
  );
  await pool.query(
    `SELECT graphile_worker.add_job('deliver_webhooks', json_build_object('orgId', $2::text, 'mode', 'test', 'id', $1::text),
       job_key := 'deliver_webhooks:' || $1)`,
    [id, org.id],
  );
}

/** Appends many events at once. */
async function appendEvents(count: number): Promise<void> {
  await server.database.pool.query(
    `WITH account AS (
       UPDATE accounts SET event_sequence = event_sequence + $2 WHERE org_id = $1 AND mode = 'test' RETURNING event_sequence
     )
     INSERT INTO events (org_id, mode, id, sequence, type, data)
     SELECT $1, 'test', id, event_sequence - $2 + number, 'credits.low',
            '{"object": "credits", "balance": 1, "reserved": 0, "available": 1, "threshold": 5}'
       FROM account, unnest($3::text[]) WITH ORDINALITY AS event (id, number)`,
    [org.id, count, Array.from({ length: count }, () => newId('evt'))],
  );
}

const verify = (received: Received, secret: string) =>
  new Webhook(secret).verify(received.body, signatureHeaders(received));

describe('an event', () => {
  test('is delivered with a signature that the published libraries verify', async () => {
    const { id, secret } = await org.createEndpoint('/in', { event_types: ['session.canceled'] });
    const sessionId = await org.endSession();
    const received = await receiver.next();
    const event = await read<Schemas['EventList']>(org.request('events?type=session.canceled'));
    expect(verify(received, secret)).toEqual({
      type: 'session.canceled',
      timestamp: event.data[0]?.created_at,
      data: event.data[0],
    });
    expect(new SvixWebhook(secret).verify(received.body, signatureHeaders(received))).toMatchObject({
      data: { data: { object: { id: sessionId, status: 'canceled' } } },
    });
    expect(received.headers).toMatchObject({
      'webhook-id': event.data[0]?.id,
      'content-type': 'application/json',
    });
    expect(() => verify({ ...received, body: received.body.replace('canceled', 'ended') }, secret)).toThrow();

    await until(async () => (await org.deliveriesTo(id))[0]?.status === 'succeeded');
    expect(await org.deliveriesTo(id)).toEqual([
      {
        id: expect.any(String),
        object: 'webhook_delivery',
        webhook_endpoint_id: id,
        event_id: event.data[0]?.id,
        event_type: 'session.canceled',
        status: 'succeeded',
        attempts: [
          {
            attempted_at: expect.any(String),
            duration_ms: expect.any(Number),
            status_code: 204,
            error: null,
            response: '',
          },
        ],
        next_attempt_at: null,
        created_at: event.data[0]?.created_at,
      },
    ]);
  });

  test('goes to each endpoint that takes its type, and to no other organisation', async () => {
    const other = await server.createOrg({ id: `${org.id}-other` });
    await read(
      server.request('/v1/webhook_endpoints', {
        method: 'POST',
        key: other.test,
        json: { url: `${receiver.url}/other` },
      }),
    );
    await org.createEndpoint('/all');
    await org.createEndpoint('/queued', { event_types: ['session.queued'] });
    await org.createEndpoint('/ended', { event_types: ['session.ended'] });
    await org.endSession();
    await until(() => receiver.received.length >= 3);
    const last = await org.createEndpoint('/last');
    await ping(last.id);
    await receiver.next(({ path }) => path === '/last');
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/all', '/all', '/last', '/queued']);
  });

  test('that was committed before an endpoint was created is not delivered to it', async () => {
    await org.endSession();
    const { id } = await org.createEndpoint();
    await ping(id);
    await receiver.next();
    expect((await org.deliveriesTo(id)).map(({ event_type: type }) => type)).toEqual(['ping']);
  });

  test('that was appended without a wake-up is delivered by a sweep', async () => {
    const { id } = await org.createEndpoint();
    await appendEvents(1);
    await receiver.next();
    await until(async () => (await org.deliveriesTo(id))[0]?.status === 'succeeded');
  });

  test('that is pending is delivered once by two processes that are woken at once', async () => {
    const other = await server.another();
    const { id } = await org.createEndpoint();
    // Each process begins with four attempts at an endpoint, so eight at once involve both.
    const held: (() => void)[] = [];
    receiver.respond = (response) => held.push(() => response.writeHead(204).end());
    await appendEvents(300);
    await Promise.all([org.endSession(), org.endSession(other)]);
    await until(() => held.length === 8);
    receiver.respond = (response) => response.writeHead(204).end();
    for (const respond of held) respond();
    await until(async () => {
      const { rows } = await server.database.pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM webhook_deliveries WHERE endpoint_id = $1 AND status = 'succeeded'`,
        [id],
      );
      return rows[0]?.count === 304;
    });
    await other.close();
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(304);
  });
});

describe('a failed attempt', () => {
  test('is repeated after 5 seconds, and after 5 minutes', async () => {
    receiver.respond = (response) => response.writeHead(500).end('x'.repeat(5000));
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    const waitOf = ({ next_attempt_at: next, attempts }: Delivery) =>
      (Date.parse(next ?? '') - Date.parse(attempts.at(-1)?.attempted_at ?? '')) / 1000;
    const first = await attempted(delivery);
    expect(first).toMatchObject({
      status: 'pending',
      attempts: [{ status_code: 500, error: 'status', response: 'x'.repeat(1024) }],
    });
    expect(waitOf(first)).toBeGreaterThanOrEqual(5);
    expect(waitOf(first)).toBeLessThan(10);
    await skipWait(id);
    const second = await attempted(delivery, 2);
    expect(waitOf(second)).toBeGreaterThanOrEqual(300);
    expect(waitOf(second)).toBeLessThan(340);
    receiver.respond = (response) => response.writeHead(200).end('ok');
    await skipWait(id);
    expect(await attempted(delivery, 3)).toMatchObject({
      status: 'succeeded',
      next_attempt_at: null,
      attempts: [{}, {}, { status_code: 200, error: null, response: 'ok' }],
    });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  test('is not repeated after the tenth', async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    await attempted(delivery);
    await server.database.pool.query('UPDATE webhook_deliveries SET retries = 9 WHERE id = $1', [delivery]);
    await skipWait(id);
    expect(await attempted(delivery, 2)).toMatchObject({ status: 'failed', next_attempt_at: null });
  });

  test.each([
    ['redirects', 'redirect', 302],
    ['does not respond', 'timeout', null],
    ['breaks off', 'connection_error', null],
  ])('has the reason: it %s', async (what, error, status) => {
    receiver.respond = (response) => {
      if (what === 'redirects') response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
      if (what === 'breaks off') response.destroy();
    };
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    expect((await attempted(delivery)).attempts).toMatchObject([{ error, status_code: status }]);
    expect(receiver.received).toHaveLength(1);
  });

  test('at a private address makes no connection', async () => {
    const { id } = await org.createEndpoint();
    await server.database.pool.query(`UPDATE webhook_endpoints SET url = 'http://10.0.0.1/' WHERE id = $1`, [
      id,
    ]);
    const { id: delivery } = await ping(id);
    expect((await attempted(delivery)).attempts).toMatchObject([{ error: 'address_refused' }]);
  });
});

describe('an endpoint', () => {
  test.each(eventTypeValues)('gets a sample of %s as a test, which is not an event', async (type) => {
    const { id, secret } = await org.createEndpoint();
    const sent = await read<Delivery>(post(`${at(id)}/test`, { type }));
    const received = await receiver.next();
    expect(verify(received, secret)).toMatchObject({ type, data: { id: sent.event_id, type } });
    expect((await org.request(`events/${sent.event_id}`)).status).toBe(404);
  });

  test('gets both signatures during a rotation, even for an event before it', async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const { id, secret } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    await attempted(delivery);
    const rotated = await read<Endpoint>(post(`${at(id)}/rotate_secret`));
    expect(rotated.secret).not.toBe(secret);
    await skipWait(id);
    await attempted(delivery, 2);
    const [first, second] = receiver.received;
    if (first === undefined || second === undefined) throw new Error('Nothing was received');
    expect(() => verify(first, rotated.secret)).toThrow();
    for (const each of [secret, rotated.secret]) verify(second, each);

    await server.database.pool.query(
      `UPDATE webhook_endpoints SET previous_secret_expires_at = now() - interval '1 minute' WHERE id = $1`,
      [id],
    );
    await skipWait(id);
    await attempted(delivery, 3);
    const third = receiver.received[2];
    if (third === undefined) throw new Error('Nothing was received');
    verify(third, rotated.secret);
    expect(() => verify(third, secret)).toThrow();

    // An unreadable previous secret is skipped.
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET previous_secret_encrypted = '\\x00', previous_secret_expires_at = now() + interval '1 minute'
        WHERE id = $1`,
      [id],
    );
    await skipWait(id);
    await attempted(delivery, 4);
    const fourth = receiver.received[3];
    if (fourth === undefined) throw new Error('Nothing was received');
    verify(fourth, rotated.secret);

    // An expired one is deleted.
    receiver.respond = (response) => response.writeHead(204).end();
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET previous_secret_expires_at = now() - interval '1 minute' WHERE id = $1`,
      [id],
    );
    await skipWait(id);
    await attempted(delivery, 5);
    const { rows } = await server.database.pool.query<object>(
      'SELECT previous_secret_encrypted, previous_secret_expires_at FROM webhook_endpoints WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ previous_secret_encrypted: null, previous_secret_expires_at: null }]);
  });

  test('that responds 410 is disabled at once, with an event, and its deliveries are canceled', async () => {
    receiver.respond = (response, { path }) => response.writeHead(path === '/gone' ? 410 : 204).end();
    const { id } = await org.createEndpoint('/gone');
    await org.createEndpoint('/watching', { event_types: ['webhook_endpoint.disabled'] });
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET paused_until = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    await org.endSession();
    await skipWait(id);
    const { body } = await receiver.next(({ path }) => path === '/watching');
    expect(JSON.parse(body)).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { data: { object: { id, status: 'disabled', disabled_reason: 'gone' } } },
    });
    expect(await read(org.request(at(id)))).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    await until(async () => (await org.deliveriesTo(id)).every(({ status }) => status !== 'pending'));
    expect((await org.deliveriesTo(id)).map(({ status }) => status)).toContain('failed');
  });

  test('that has failed for five days is disabled, and one enabled again gets later events', async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const { id } = await org.createEndpoint();
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET failures = 1, failing_since = now() - interval '5 days' WHERE id = $1`,
      [id],
    );
    // A test event does not count.
    await attempted((await ping(id)).id);
    expect(await read(org.request(at(id)))).toMatchObject({ status: 'enabled' });
    await org.endSession();
    await skipWait(id);
    await until(async () => (await read<Endpoint>(org.request(at(id)))).disabled_reason === 'failing');
    receiver.respond = (response) => response.writeHead(204).end();
    const missed = await org.endSession();
    receiver.received = [];
    await read(org.request(at(id), { method: 'PATCH', json: { status: 'enabled' } }));
    await org.endSession();
    await until(() => receiver.received.length >= 2);
    expect(receiver.received.map(({ body }) => body).join()).not.toContain(missed);
  });

  test('that fails and succeeds at the same time has failed once, and then works', async () => {
    const { id } = await org.createEndpoint('/both', { event_types: ['session.queued', 'session.canceled'] });
    const failures = async () => {
      const { rows } = await server.database.pool.query<{ failures: number }>(
        'SELECT failures FROM webhook_endpoints WHERE id = $1',
        [id],
      );
      return rows[0]?.failures;
    };
    const pause = () =>
      server.database.pool.query(
        `UPDATE webhook_endpoints SET paused_until = now() + interval '1 hour' WHERE id = $1`,
        [id],
      );
    const together = async (...statuses: number[]) => {
      await pause();
      await org.endSession();
      let arrived = 0;
      receiver.respond = (response) => {
        const index = arrived;
        arrived += 1;
        // Responds in the order of arrival, once both have arrived.
        setTimeout(() => response.writeHead(statuses[index] ?? 204).end(), 300 * (index + 1));
      };
      receiver.received = [];
      await skipWait(id);
      await until(() => receiver.received.length === 2);
    };
    await together(500, 500);
    await until(async () => (await failures()) === 1);
    await delay(700);
    expect(await failures()).toBe(1);

    receiver.respond = (response) => response.writeHead(204).end();
    await skipWait(id);
    await until(async () => (await failures()) === 0);
    await together(500, 204);
    await until(async () => (await failures()) === 1);
    await until(async () => (await failures()) === 0);
  });

  test('that gets another URL counts as healthy', async () => {
    const { id } = await org.createEndpoint();
    const health = async () =>
      (
        await server.database.pool.query<object>(
          'SELECT failures, failing_since, paused_until FROM webhook_endpoints WHERE id = $1',
          [id],
        )
      ).rows;
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET failures = 9, failing_since = now(), paused_until = now() WHERE id = $1`,
      [id],
    );
    await read(
      org.request(at(id), { method: 'PATCH', json: { description: 'same', url: `${receiver.url}/` } }),
    );
    expect(await health()).toMatchObject([{ failures: 9 }]);
    await read(org.request(at(id), { method: 'PATCH', json: { url: `${receiver.url}/moved` } }));
    expect(await health()).toEqual([{ failures: 0, failing_since: null, paused_until: null }]);
  });

  test('that a killed process had disabled has its deliveries canceled', async () => {
    const { pool } = server.database;
    const status = async (delivery: string) => (await deliveryOf(delivery)).status;
    const swept = await org.createEndpoint();
    const enabled = await org.createEndpoint();
    const deliveries = [(await ping(swept.id)).id, (await ping(enabled.id)).id];
    for (const delivery of deliveries) await attempted(delivery);
    await pool.query(
      `UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now() + interval '1 hour' WHERE id = ANY ($1)`,
      [deliveries],
    );
    await pool.query(`UPDATE webhook_endpoints SET disabled_reason = 'requested' WHERE org_id = $1`, [
      org.id,
    ]);
    await read(org.request(at(enabled.id), { method: 'PATCH', json: { status: 'enabled' } }));
    expect(await status(deliveries[1] ?? '')).toBe('canceled');
    await until(async () => (await status(deliveries[0] ?? '')) === 'canceled');
  });

  test.each(['disabled', 'deleted'])('that is %s gets no more attempts', async (what) => {
    receiver.respond = (response) => response.writeHead(500).end();
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    await attempted(delivery);
    if (what === 'deleted') await org.request(at(id), { method: 'DELETE' });
    else await read(org.request(at(id), { method: 'PATCH', json: { status: 'disabled' } }));
    const { pool } = server.database;
    const pending = `SELECT 1 FROM webhook_deliveries WHERE endpoint_id = $1 AND next_attempt_at IS NOT NULL`;
    await until(async () => (await pool.query(pending, [id])).rowCount === 0);
    await skipWait(id);
    const other = await org.createEndpoint('/other');
    await ping(other.id);
    await receiver.next(({ path }) => path === '/other');
    expect(receiver.received.filter(({ path }) => path === '/')).toHaveLength(1);
  });

  test('that hangs, with 10,000 events, delays no other and costs one attempt at a time', async () => {
    let hanging = 0;
    let most = 0;
    receiver.respond = (response, { path }) => {
      if (path !== '/dead') {
        response.writeHead(204).end();
        return;
      }
      most = Math.max(most, (hanging += 1));
      response.once('close', () => (hanging -= 1));
    };
    const dead = await org.createEndpoint('/dead', { event_types: ['credits.low'] });
    await org.createEndpoint('/healthy', { event_types: ['session.canceled'] });
    await attempted((await ping(dead.id)).id);
    // A failed test event does not count as a failure of the endpoint.
    await server.database.pool.query('UPDATE webhook_endpoints SET failures = 1 WHERE id = $1', [dead.id]);
    await appendEvents(10_000);
    await skipWait(dead.id);
    const delays: number[] = [];
    for (let session = 0; session < 10; session += 1) {
      const { id } = await createSession(server, {}, org.key);
      await until(() => hanging === 1);
      const endedAtMs = performance.now();
      await read(org.request(`sessions/${id}/end`, { method: 'POST' }));
      const { atMs } = await receiver.next(({ path, body }) => path === '/healthy' && body.includes(id));
      delays.push(atMs - endedAtMs);
    }
    expect(Math.max(...delays)).toBeLessThan(TIMEOUT_MS / 2);
    expect(most).toBe(1);
    await until(async () => {
      const { rows } = await server.database.pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM webhook_deliveries WHERE endpoint_id = $1',
        [dead.id],
      );
      return rows[0]?.count === 10_001;
    });
  });
});

describe('a redelivery', () => {
  test('is attempted at once, before others that are due and in a pause', async () => {
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    expect(await attempted(delivery)).toMatchObject({ status: 'succeeded' });
    await server.database.pool.query(
      `UPDATE webhook_endpoints SET failures = 10, paused_until = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    await appendEvents(3);
    expect(await read(post(`webhook_deliveries/${delivery}/redeliver`))).toMatchObject({ status: 'pending' });
    expect(await attempted(delivery, 2)).toMatchObject({ status: 'succeeded' });
    const ids = receiver.received.slice(0, 2).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  test('is not lost when an attempt is in progress', async () => {
    let release: () => void = () => undefined;
    receiver.respond = (response) => {
      release = () => response.writeHead(204).end();
    };
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    await receiver.next();
    await read(post(`webhook_deliveries/${delivery}/redeliver`));
    await until(() => receiver.received.length === 2);
    release();
    receiver.respond = (response) => response.writeHead(204).end();
    expect((await attempted(delivery, 2)).attempts.map(({ error }) => error).sort()).toEqual([
      null,
      'timeout',
    ]);
  });

  test('shows the last 20 attempts', async () => {
    const { id } = await org.createEndpoint();
    const { id: delivery } = await ping(id);
    await attempted(delivery);
    await server.database.pool.query(
      `UPDATE webhook_deliveries SET attempts = (SELECT jsonb_agg(delivery.attempts -> 0) FROM webhook_deliveries AS delivery, generate_series(1, 20) WHERE delivery.id = $1) WHERE id = $1`,
      [delivery],
    );
    receiver.respond = (response) => response.writeHead(200).end('newest');
    await read(post(`webhook_deliveries/${delivery}/redeliver`));
    await until(async () => (await deliveryOf(delivery)).attempts.at(-1)?.response === 'newest');
    expect((await deliveryOf(delivery)).attempts).toHaveLength(20);
  });
});

test('deliveries are listed in pages, newest first', async () => {
  const { id } = await org.createEndpoint();
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.unshift((await ping(id)).event_id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Schemas['WebhookDeliveryList'] = await read<Schemas['WebhookDeliveryList']>(
      org.request(`${at(id)}/deliveries?limit=2${cursor === null ? '' : `&starting_after=${cursor}`}`),
    );
    seen.push(...page.data.map(({ event_id: eventId }) => eventId));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(made);
});
