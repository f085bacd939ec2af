import { createGreenroom, GreenroomError, type Greenroom } from '@greenroom/client';
import { operationTable } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { PublicOperationId } from '../contract/case.ts';
import { checkedFetch } from '../harness/checked-fetch.ts';
import { plainImage } from '../harness/images.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerMediaWorker, startNext } from '../harness/worker.ts';

let server: TestServer;
let greenroom: Greenroom;

beforeAll(async () => {
  server = await startTestServer();
  greenroom = createGreenroom({ apiKey: server.keys.test, baseUrl: server.url, fetch: checkedFetch });
});
afterAll(() => server.close());

const newSession = async () => greenroom.sessions.create(await sessionCreate());

const newAvatar = async () => {
  const image = new File([new Uint8Array(await plainImage())], 'höst.png', { type: 'image/png' });
  return greenroom.avatars.create({ image, name: 'Our höst' });
};

/** Creates an endpoint that takes only test events. */
const newEndpoint = async () =>
  greenroom.webhookEndpoints.create({ url: 'https://hooks.acme.example/', event_types: ['ping'] });

const newDelivery = async () => greenroom.webhookEndpoints.test((await newEndpoint()).id, {});

/** A call of every public operation, with its result. A missing operation does not compile. */
const calls: Record<PublicOperationId, () => Promise<[unknown, unknown]>> = {
  'sessions.list': async () => [await greenroom.sessions.list(), { object: 'list' }],
  'sessions.create': async () => [await newSession(), { object: 'session', status: 'queued' }],
  'pipecatSessions.create': async () => {
    const worker = await registerMediaWorker(server);
    const body = { avatar_id: 'av_stock_001' };
    const [created] = await Promise.all([greenroom.pipecatSessions.create(body), startNext(worker)]);
    return [created, { object: 'pipecat.session', session: { status: 'starting' } }];
  },
  'sessions.get': async () => {
    const session = await newSession();
    return [await greenroom.sessions.get(session.id), session];
  },
  'sessions.end': async () => {
    const { id } = await newSession();
    return [await greenroom.sessions.end(id), { id, status: 'canceled' }];
  },
  'sessions.events': async () => {
    const { id } = await newSession();
    return [
      await greenroom.sessions.events(id),
      { data: [{ session_id: id, to: 'queued' }], has_more: false },
    ];
  },
  'events.list': async () => {
    const { id } = await newSession();
    const { data } = await greenroom.events.list({ type: ['session.queued'], session_id: id });
    return [data, [{ object: 'event', type: 'session.queued', data: { object: { id, status: 'queued' } } }]];
  },
  'events.get': async () => {
    const { id } = await newSession();
    const event = (await greenroom.events.list({ session_id: id })).data[0];
    return [await greenroom.events.get(event?.id ?? ''), event];
  },
  'events.stream': async () => {
    const { id } = await newSession();
    const lastEventId = 'evt_00000000000000000000000000';
    const stream = greenroom.events.stream({ sessionId: id, types: ['session.queued'], lastEventId });
    const { value } = await stream.next();
    await stream.return();
    return [value, { object: 'event', type: 'session.queued', data: { object: { id } } }];
  },
  'usage.summary': async () => [
    await greenroom.usage.summary({ period: 'current_month' }),
    { billable_seconds: 0 },
  ],
  'usage.events': async () => [await greenroom.usage.events(), { data: [], has_more: false }],
  'avatars.list': async () => [await greenroom.avatars.list({ scope: 'platform' }), { object: 'list' }],
  'avatars.get': async () => [await greenroom.avatars.get('av_stock_001'), { id: 'av_stock_001' }],
  'avatars.create': async () => [
    await newAvatar(),
    { name: 'Our höst', status: 'processing', is_demo: false },
  ],
  'avatars.preview': async () => {
    const preview = await greenroom.avatars.preview('av_stock_001');
    return [
      { type: preview.type, size: preview.size },
      { type: 'image/webp', size: expect.any(Number) },
    ];
  },
  'avatars.delete': async () => {
    const { id } = await newAvatar();
    const deleted: Promise<unknown> = greenroom.avatars.delete(id);
    return [await deleted, undefined];
  },
  'limits.get': async () => [await greenroom.limits.get(), { credits: { balance: 1_000_000 } }],
  'plans.list': async () => [(await greenroom.plans.list()).map(({ key }) => key).includes('scale'), true],
  'status.get': async () => [await greenroom.status.get(), { components: expect.any(Array) }],
  'webhookEndpoints.list': async () => [await greenroom.webhookEndpoints.list(), { object: 'list' }],
  'webhookEndpoints.create': async () => [
    await newEndpoint(),
    { status: 'enabled', secret: expect.stringMatching(/^whsec_/) },
  ],
  'webhookEndpoints.get': async () => {
    const { id, url } = await newEndpoint();
    return [await greenroom.webhookEndpoints.get(id), { id, url }];
  },
  'webhookEndpoints.update': async () => {
    const { id } = await newEndpoint();
    return [
      await greenroom.webhookEndpoints.update(id, { event_types: ['session.ended'] }),
      { id, event_types: ['session.ended'] },
    ];
  },
  'webhookEndpoints.delete': async () => {
    const { id } = await newEndpoint();
    const deleted: Promise<unknown> = greenroom.webhookEndpoints.delete(id);
    return [await deleted, undefined];
  },
  'webhookEndpoints.rotateSecret': async () => {
    const { id, secret } = await newEndpoint();
    const rotated = await greenroom.webhookEndpoints.rotateSecret(id);
    return [
      { isNew: rotated.secret !== secret, id: rotated.id },
      { isNew: true, id },
    ];
  },
  'webhookEndpoints.test': async () => [await newDelivery(), { event_type: 'ping' }],
  'webhookDeliveries.list': async () => {
    const delivery = await newDelivery();
    const { data } = await greenroom.webhookDeliveries.list(delivery.webhook_endpoint_id);
    return [data, [{ id: delivery.id }]];
  },
  'webhookDeliveries.get': async () => {
    const { id, event_id } = await newDelivery();
    return [await greenroom.webhookDeliveries.get(id), { id, event_id }];
  },
  'webhookDeliveries.redeliver': async () => {
    const { id } = await newDelivery();
    return [await greenroom.webhookDeliveries.redeliver(id), { id, status: 'pending' }];
  },
  'apiKeys.list': async () => [await greenroom.apiKeys.list({ limit: 1 }), { object: 'list' }],
  'apiKeys.current': async () => [
    await greenroom.apiKeys.current(),
    { object: 'api_key', mode: 'test', scopes: expect.arrayContaining(['sessions:read']) },
  ],
  'apiKeys.create': async () => [
    await greenroom.apiKeys.create({ name: 'ci', scopes: ['usage:read'] }),
    { name: 'ci', secret: expect.stringMatching(/^sk_test_/) },
  ],
  'apiKeys.delete': async () => {
    const { id } = await greenroom.apiKeys.create({ name: 'old', scopes: ['usage:read'] });
    const deleted: Promise<unknown> = greenroom.apiKeys.delete(id);
    return [await deleted, undefined];
  },
};

describe('a method of the client calls its operation', () => {
  test.each(Object.entries(calls))('%s', async (_id, call) => {
    const [actual, expected] = await call();
    expect({ actual }).toMatchObject({ actual: expected });
  });
});

test('the client has a method for every public operation and none for the others', () => {
  for (const [id, { internal }] of Object.entries(operationTable)) {
    const [resource = '', verb = ''] = id.split('.');
    const methods = (greenroom as unknown as Record<string, Record<string, unknown>>)[resource] ?? {};
    expect(typeof methods[verb]).toBe(internal ? 'undefined' : 'function');
  }
});

test('a list of more than two pages has each item once, newest first', async () => {
  const keys = await server.createOrg({ id: 'pages' });
  const client = createGreenroom({ apiKey: keys.test, baseUrl: server.url, fetch: checkedFetch });
  const made: string[] = [];
  for (let count = 0; count < 8; count += 1) {
    made.unshift((await client.sessions.create(await sessionCreate())).id);
  }
  const seen: string[] = [];
  for await (const { id } of client.sessions.list({ limit: 3 })) seen.push(id);
  expect(seen).toEqual(made);

  const sizes: number[] = [];
  for await (const page of client.sessions.list({ limit: 3 }).pages()) sizes.push(page.data.length);
  expect(sizes).toEqual([3, 3, 2]);
});

test('a list filters by several statuses', async () => {
  const { id } = await newSession();
  const { data } = await greenroom.sessions.list({ status: ['queued', 'running'] });
  expect(data.map((session) => session.id)).toContain(id);
});

describe('an error response is an error with its code and message', () => {
  test('of the API', async () => {
    const error = await greenroom.sessions.get('sess_01KKGP79VG6A09Y83A35BZFNZE').then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(GreenroomError);
    expect(error).toMatchObject({
      type: 'not_found',
      code: 'session.not_found',
      param: 'session_id',
      status: 404,
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test('for an invalid key, which it does not quote', async () => {
    const apiKey = `sk_test_${'A'.repeat(43)}`;
    const stranger = createGreenroom({ apiKey, baseUrl: server.url, fetch: checkedFetch });
    const error = await stranger.limits.get().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ type: 'authentication', code: 'api_key.unknown', status: 401 });
    expect(JSON.stringify(error) + String(error)).not.toContain(apiKey);
  });
});
