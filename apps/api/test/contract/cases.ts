import { mintWorkerToken, sessionCreate } from '@greenroom/testing';

import { formOf, type FormValue } from '../harness/avatars.ts';
import { plainImage } from '../harness/images.ts';
import { read, type List } from '../harness/responses.ts';
import { silentBody } from '../harness/silent-body.ts';
import type { TestServer } from '../harness/test-server.ts';
import { registerMediaWorker, startNext } from '../harness/worker.ts';
import { tooMuchWithoutKey, type Case, type Cases, type Fixture } from './case.ts';
import { workerCases } from './worker-cases.ts';

const SESSION = 'sess_01KKGP79VG6A09Y83A35BZFNZE';
/** The id of no event, within the retention of events. */
const EVENT = 'evt_7ZZZZZZZZZ6A09Y83A35BZFNZE';
const KEY = 'key_01KKGP79VG6A09Y83A35BZFNZE';

interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  json?: () => unknown;
  form?: () => Promise<FormData>;
  headers?: Record<string, string>;
}

async function send(
  server: TestServer,
  { method = 'GET', path, json, form, headers = {} }: Call,
  key?: string | null,
) {
  return server.request(path, {
    method,
    headers,
    ...(key !== undefined && { key }),
    ...(json !== undefined && { json: await json() }),
    ...(form !== undefined && { body: await form() }),
  });
}

/** Errors that every operation with a customer's key has in common. */
function keyed(call: Call) {
  const unknownParameter = { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}surprise=1` };
  return {
    401: ({ server }: Fixture) => send(server, call, null),
    403: ({ server }: Fixture) => send(server, call, server.keys.worker),
    422: ({ server }: Fixture) => send(server, unknownParameter),
    500: ({ broken }: Fixture) => send(broken, call),
    503: ({ full }: Fixture) => send(full, call),
  };
}

/** Errors that every operation without a key has in common. */
function open(call: Call) {
  return {
    422: ({ server }: Fixture) => send(server, { ...call, path: `${call.path}?surprise=1` }, null),
    500: ({ broken }: Fixture) => send(broken, call, null),
    503: ({ full }: Fixture) => send(full, call, null),
  };
}

/** Sends requests until an organisation that may make one a second is rate-limited. */
function tooFast(call: Call): Case {
  return async ({ server, slow }) => {
    for (let count = 0; count < 10; count += 1) {
      const response = await send(server, call, slow.test);
      if (response.status === 429) return response;
    }
    throw new Error('was never limited');
  };
}

function body(call: Call) {
  return {
    408: ({ impatient }: Fixture) =>
      silentBody(impatient, call.path, impatient.keys.test, undefined, call.method),
    400: ({ server }: Fixture) =>
      server.request(call.path, {
        method: call.method ?? 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{',
      }),
    413: ({ server }: Fixture) => send(server, { ...call, json: () => ({ name: 'x'.repeat(1_100_000) }) }),
    415: ({ server }: Fixture) =>
      server.request(call.path, {
        method: call.method ?? 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: 'hello',
      }),
  };
}

async function createdSession(
  { server }: Fixture,
  path: (id: string) => string,
  method: Call['method'] = 'GET',
) {
  const created = await send(server, { method: 'POST', path: '/v1/sessions', json: () => sessionCreate() });
  const { id } = (await created.json()) as { id: string };
  return send(server, { method, path: path(id) });
}

const pipecatOf = (avatarId: string): Call => ({ ...pipecat, json: () => ({ avatar_id: avatarId }) });

const list: Call = { path: '/v1/sessions' };
const create: Call = { method: 'POST', path: '/v1/sessions', json: () => sessionCreate() };
/** A create that is rejected: a successful one waits for a worker. */
const pipecat: Call = {
  method: 'POST',
  path: '/v1/pipecat/sessions',
  json: () => ({ avatar_id: 'av_nobody' }),
};
const get: Call = { path: `/v1/sessions/${SESSION}` };
const end: Call = { method: 'POST', path: `/v1/sessions/${SESSION}/end` };
const events: Call = { path: `/v1/sessions/${SESSION}/events` };
const orgEvents: Call = { path: '/v1/events' };
const event: Call = { path: `/v1/events/${EVENT}` };
const stream: Call = { path: '/v1/events/stream' };
const summary: Call = { path: '/v1/usage' };
const usageEvents: Call = { path: '/v1/usage/events' };
const avatars: Call = { path: '/v1/avatars' };
const avatar: Call = { path: '/v1/avatars/av_stock_001' };
const preview: Call = { path: '/v1/avatars/av_stock_001/preview' };
const createAvatar: Call = { method: 'POST', path: '/v1/avatars', form: () => avatarForm() };
const deleteAvatar: Call = { method: 'DELETE', path: '/v1/avatars/av_nobody' };
const limits: Call = { path: '/v1/limits' };
const plans: Call = { path: '/v1/billing/plans' };
const status: Call = { path: '/v1/status' };
const keys: Call = { path: '/v1/api_keys' };
const currentKey: Call = { path: '/v1/api_keys/current' };
const createKey: Call = {
  method: 'POST',
  path: '/v1/api_keys',
  json: () => ({ name: 'ci', scopes: ['sessions:read'] }),
};
const ENDPOINT = '/v1/webhook_endpoints/whe_01KKGP79VG3M5N7P9Q2R4S6T8V';
const DELIVERY = '/v1/webhook_deliveries/whd_01KKGJ5351A0B1C2D3E4F5A6B7';
const endpoints: Call = { path: '/v1/webhook_endpoints' };
const createEndpoint: Call = {
  method: 'POST',
  path: '/v1/webhook_endpoints',
  json: () => ({ url: 'https://hooks.acme.example/' }),
};
const getEndpoint: Call = { path: ENDPOINT };
const updateEndpoint: Call = { method: 'PATCH', path: ENDPOINT, json: () => ({ description: 'Ours' }) };
const deleteEndpoint: Call = { method: 'DELETE', path: ENDPOINT };
const rotateSecret: Call = { method: 'POST', path: `${ENDPOINT}/rotate_secret` };
const testEndpoint: Call = { method: 'POST', path: `${ENDPOINT}/test`, json: () => ({}) };
const deliveries: Call = { path: `${ENDPOINT}/deliveries` };
const getDelivery: Call = { path: DELIVERY };
const redeliver: Call = { method: 'POST', path: `${DELIVERY}/redeliver` };

/** Calls an operation on an endpoint that was created for it. */
function onEndpoint({ path, ...call }: Call): Case {
  return async ({ server }) => {
    const { id } = await read<{ id: string }>(send(server, createEndpoint));
    try {
      return await send(server, { ...call, path: path.replace(ENDPOINT, `/v1/webhook_endpoints/${id}`) });
    } finally {
      await send(server, { method: 'DELETE', path: `/v1/webhook_endpoints/${id}` });
    }
  };
}

/** Calls an operation on a disabled endpoint, or on a delivery to it. */
function onDisabled(
  path: (ids: { endpoint: string; delivery: string }) => string,
  json?: Call['json'],
): Case {
  return async ({ server }) => {
    const { id: endpoint } = await read<{ id: string }>(send(server, createEndpoint));
    const at = `/v1/webhook_endpoints/${endpoint}`;
    const tested = send(server, { method: 'POST', path: `${at}/test`, json: () => ({}) });
    const { id: delivery } = await read<{ id: string }>(tested);
    await send(server, { method: 'PATCH', path: at, json: () => ({ status: 'disabled' }) });
    try {
      return await send(server, {
        method: 'POST',
        path: path({ endpoint, delivery }),
        ...(json && { json }),
      });
    } finally {
      await send(server, { method: 'DELETE', path: at });
    }
  };
}

/** Calls an operation on the delivery of a test. */
function onDelivery({ path, ...call }: Call): Case {
  return async ({ server }) => {
    const { id } = await read<{ id: string }>(send(server, createEndpoint));
    const at = `/v1/webhook_endpoints/${id}`;
    const tested = send(server, { method: 'POST', path: `${at}/test`, json: () => ({}) });
    const { id: delivery } = await read<{ id: string }>(tested);
    try {
      return await send(server, {
        ...call,
        path: path.replace(DELIVERY, `/v1/webhook_deliveries/${delivery}`),
      });
    } finally {
      await send(server, { method: 'DELETE', path: at });
    }
  };
}

const deleteKey: Call = { method: 'DELETE', path: `/v1/api_keys/${KEY}` };

async function avatarForm(fields: Record<string, FormValue> = {}): Promise<FormData> {
  return formOf({ image: await plainImage(), name: 'Our host', ...fields });
}

function to(call: Call): Case {
  return ({ server }) => send(server, call);
}

function withQuery(call: Call, query: string): Case {
  return to({ ...call, path: `${call.path}?${query}` });
}

export const cases: Cases = {
  ...workerCases,
  'sessions.list': {
    ...keyed(list),
    200: to(list),
    400: withQuery(list, 'status=sleeping'),
    429: tooFast(list),
  },
  'sessions.create': {
    ...keyed(create),
    ...body(create),
    201: to(create),
    402: ({ server, withoutCredits }) => send(server, create, withoutCredits.live),
    404: to({ ...create, json: () => sessionCreate({ avatar_id: 'av_nobody' }) }),
    409: async ({ server }) => {
      const held = await sessionCreate();
      await send(server, { ...create, json: () => held });
      const room = held.transport.room_name;
      const another = await mintWorkerToken({ room, expiresIn: 1200 });
      return send(server, {
        ...create,
        json: () => ({ ...held, transport: { ...held.transport, worker_token: another } }),
      });
    },
    429: tooFast(create),
  },
  'pipecatSessions.create': {
    ...keyed(pipecat),
    ...body(pipecat),
    201: async ({ server }) => {
      const worker = await registerMediaWorker(server);
      const [response] = await Promise.all([send(server, pipecatOf('av_stock_001')), startNext(worker)]);
      return response;
    },
    402: ({ server, withoutCredits }) => send(server, pipecatOf('av_stock_001'), withoutCredits.live),
    404: to(pipecat),
    409: async ({ server }) => {
      const headers = { 'Idempotency-Key': 'of another request' };
      await send(server, { ...create, headers });
      return send(server, { ...pipecat, headers });
    },
    429: tooFast(pipecat),
  },
  'sessions.get': {
    ...keyed(get),
    200: (fixture) => createdSession(fixture, (id) => `/v1/sessions/${id}`),
    404: to(get),
    429: tooFast(get),
  },
  'sessions.end': {
    ...keyed(end),
    200: (fixture) => createdSession(fixture, (id) => `/v1/sessions/${id}/end`, 'POST'),
    404: to(end),
    429: tooMuchWithoutKey(end.path, 'POST'),
  },
  'sessions.events': {
    ...keyed(events),
    200: (fixture) => createdSession(fixture, (id) => `/v1/sessions/${id}/events`),
    400: (fixture) => createdSession(fixture, (id) => `/v1/sessions/${id}/events?starting_after=evt_nothing`),
    404: to(events),
    429: tooFast(events),
  },
  'events.list': {
    ...keyed(orgEvents),
    200: to(orgEvents),
    400: withQuery(orgEvents, 'starting_after=evt_nothing'),
    429: tooFast(orgEvents),
  },
  'events.get': {
    ...keyed(event),
    200: async (fixture) => {
      await createdSession(fixture, (id) => `/v1/sessions/${id}`);
      const { data } = await read<List<{ id: string }>>(send(fixture.server, orgEvents));
      return send(fixture.server, { path: `/v1/events/${data[0]?.id}` });
    },
    404: to(event),
    429: tooFast(event),
  },
  'events.stream': {
    ...keyed(stream),
    200: to(stream),
    400: withQuery(stream, `last_event_id=${EVENT}`),
    429: tooFast(stream),
  },
  'usage.summary': {
    ...keyed(summary),
    200: to(summary),
    400: withQuery(summary, 'period=current_month&period_start=2026-01-01T00:00:00Z'),
    429: tooFast(summary),
  },
  'usage.events': {
    ...keyed(usageEvents),
    200: to(usageEvents),
    400: withQuery(usageEvents, 'starting_after=use_nothing'),
    429: tooFast(usageEvents),
  },
  'avatars.list': {
    ...keyed(avatars),
    200: to(avatars),
    400: withQuery(avatars, 'starting_after=av_nobody'),
    429: tooFast(avatars),
  },
  'avatars.create': {
    ...keyed(createAvatar),
    202: to(createAvatar),
    400: ({ server }) =>
      server.request('/v1/avatars', {
        method: 'POST',
        headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        body: '--x',
      }),
    409: async ({ server }) => {
      const headers = { 'Idempotency-Key': 'once' };
      await send(server, { ...createAvatar, headers });
      return send(server, { ...createAvatar, headers, form: () => avatarForm({ name: 'Another' }) });
    },
    408: ({ impatient }) =>
      silentBody(impatient, '/v1/avatars', impatient.keys.test, 'multipart/form-data; boundary=b'),
    413: to({ ...createAvatar, form: () => avatarForm({ image: new Uint8Array(11_000_000) }) }),
    415: body(createAvatar)[415],
    429: tooFast(createAvatar),
  },
  'avatars.get': {
    ...keyed(avatar),
    200: to(avatar),
    404: to({ path: '/v1/avatars/av_nobody' }),
    429: tooFast(avatar),
  },
  'avatars.preview': {
    ...keyed(preview),
    200: to(preview),
    304: to({ ...preview, headers: { 'If-None-Match': '*' } }),
    404: to({ path: '/v1/avatars/av_nobody/preview' }),
    409: async ({ server }) => {
      // The image shows no face, so the avatar never becomes ready.
      const { id } = await read<{ id: string }>(send(server, createAvatar));
      return send(server, { path: `/v1/avatars/${id}/preview` });
    },
    429: tooFast(preview),
  },
  'avatars.delete': {
    ...keyed(deleteAvatar),
    204: async ({ server }) => {
      const { id } = await read<{ id: string }>(send(server, createAvatar));
      return send(server, { method: 'DELETE', path: `/v1/avatars/${id}` });
    },
    400: to({ method: 'DELETE', path: '/v1/avatars/av_stock_001' }),
    404: to(deleteAvatar),
    429: tooFast(deleteAvatar),
  },
  'limits.get': { ...keyed(limits), 200: to(limits), 429: tooFast(limits) },
  'plans.list': { ...open(plans), 200: to(plans), 429: tooFast(plans) },
  'status.get': { ...open(status), 200: to(status), 429: tooFast(status) },
  'apiKeys.list': {
    ...keyed(keys),
    200: to(keys),
    400: withQuery(keys, 'starting_after=key_nothing'),
    429: tooFast(keys),
  },
  'apiKeys.current': { ...keyed(currentKey), 200: to(currentKey), 429: tooFast(currentKey) },
  'apiKeys.create': {
    ...keyed(createKey),
    ...body(createKey),
    201: to(createKey),
    409: async ({ server }) => {
      const headers = { 'Idempotency-Key': 'one-key' };
      await send(server, { ...createKey, headers });
      return send(server, {
        ...createKey,
        headers,
        json: () => ({ name: 'other', scopes: ['sessions:read'] }),
      });
    },
    429: tooFast(createKey),
  },
  'apiKeys.delete': {
    ...keyed(deleteKey),
    204: async ({ server }) => {
      const { id } = await server.createKey();
      return send(server, { method: 'DELETE', path: `/v1/api_keys/${id}` });
    },
    404: to(deleteKey),
    429: tooFast(deleteKey),
  },
  'webhookEndpoints.list': {
    ...keyed(endpoints),
    200: to(endpoints),
    400: withQuery(endpoints, 'starting_after=whe_nothing'),
    429: tooFast(endpoints),
  },
  'webhookEndpoints.create': {
    ...keyed(createEndpoint),
    ...body(createEndpoint),
    201: async ({ server }) => {
      const response = await send(server, createEndpoint);
      const { id } = (await response.clone().json()) as { id: string };
      await send(server, { method: 'DELETE', path: `/v1/webhook_endpoints/${id}` });
      return response;
    },
    409: async ({ server }) => {
      const headers = { 'Idempotency-Key': 'one-endpoint' };
      await send(server, { ...createEndpoint, headers });
      return send(server, { ...createEndpoint, headers, json: () => ({ url: 'https://other.example/' }) });
    },
    429: tooFast(createEndpoint),
  },
  'webhookEndpoints.get': {
    ...keyed(getEndpoint),
    200: onEndpoint(getEndpoint),
    404: to(getEndpoint),
    429: tooFast(getEndpoint),
  },
  'webhookEndpoints.update': {
    ...keyed(updateEndpoint),
    ...body(updateEndpoint),
    200: onEndpoint(updateEndpoint),
    404: to(updateEndpoint),
    429: tooFast(updateEndpoint),
  },
  'webhookEndpoints.delete': {
    ...keyed(deleteEndpoint),
    204: onEndpoint(deleteEndpoint),
    404: to(deleteEndpoint),
    429: tooFast(deleteEndpoint),
  },
  'webhookEndpoints.rotateSecret': {
    ...keyed(rotateSecret),
    200: onEndpoint(rotateSecret),
    404: to(rotateSecret),
    429: tooFast(rotateSecret),
  },
  'webhookEndpoints.test': {
    ...keyed(testEndpoint),
    ...body(testEndpoint),
    202: onEndpoint(testEndpoint),
    404: to(testEndpoint),
    409: onDisabled(({ endpoint }) => `/v1/webhook_endpoints/${endpoint}/test`, testEndpoint.json),
    429: tooFast(testEndpoint),
  },
  'webhookDeliveries.list': {
    ...keyed(deliveries),
    200: onEndpoint(deliveries),
    400: onEndpoint({ path: `${ENDPOINT}/deliveries?starting_after=whd_nothing` }),
    404: to(deliveries),
    429: tooFast(deliveries),
  },
  'webhookDeliveries.get': {
    ...keyed(getDelivery),
    200: onDelivery(getDelivery),
    404: to(getDelivery),
    429: tooFast(getDelivery),
  },
  'webhookDeliveries.redeliver': {
    ...keyed(redeliver),
    202: onDelivery(redeliver),
    404: to(redeliver),
    409: onDisabled(({ delivery }) => `/v1/webhook_deliveries/${delivery}/redeliver`),
    429: tooFast(redeliver),
  },
};
