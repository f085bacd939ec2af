import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Endpoint = Schemas['WebhookEndpointWithSecret'];

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const URL = 'https://hooks.acme.example/greenroom';
const post = (json: object, key?: string) =>
  server.request('/v1/webhook_endpoints', { method: 'POST', json, ...(key !== undefined && { key }) });
const create = (json: object = { url: URL }, key?: string) => read<Endpoint>(post(json, key));
const at = (id: string, path = '', init: object = {}) =>
  server.request(`/v1/webhook_endpoints/${id}${path}`, init);
const codeOf = async (response: Promise<Response>) =>
  ((await (await response).json()) as Schemas['ApiErrorEnvelope']).error.code;

test('a new endpoint gets all events, and its secret is in no other response', async () => {
  const { secret, ...endpoint } = await create();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  expect(endpoint).toMatchObject({
    object: 'webhook_endpoint',
    url: URL,
    description: '',
    event_types: [],
    status: 'enabled',
    disabled_reason: null,
  });
  expect(await read(at(endpoint.id))).toEqual(endpoint);
  const { data } = await read<Schemas['WebhookEndpointList']>(server.request('/v1/webhook_endpoints'));
  expect(data).toContainEqual(endpoint);
});

test('no secret is stored in plain text or logged', async () => {
  const { id, secret } = await create();
  const rotated = await read<Endpoint>(at(id, '/rotate_secret', { method: 'POST' }));
  const { rows } = await server.database.pool.query('SELECT * FROM webhook_endpoints WHERE id = $1', [id]);
  for (const each of [secret, rotated.secret]) {
    for (const value of Object.values(rows[0] as object)) {
      expect(Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)).not.toContain(each);
    }
    expect(server.logLines.join('\n')).not.toContain(each);
  }
});

test('a retried create returns the same endpoint with its secret', async () => {
  const send = () =>
    read<Endpoint>(
      server.request('/v1/webhook_endpoints', {
        method: 'POST',
        json: { url: URL },
        headers: { 'Idempotency-Key': 'endpoint-1' },
      }),
    );
  expect(await send()).toEqual(await send());
});

test.each([
  ['http://hooks.acme.example/', 'webhook_endpoint.insecure_url'],
  ['https://ada:secret@hooks.acme.example/', 'webhook_endpoint.insecure_url'],
  ['https://hooks.acme.example/#part', 'webhook_endpoint.insecure_url'],
  ['https://127.0.0.1/', 'webhook_endpoint.private_url'],
  ['https://0x7f000001/', 'webhook_endpoint.private_url'],
  ['https://2130706433/', 'webhook_endpoint.private_url'],
  ['https://[::ffff:127.0.0.1]/', 'webhook_endpoint.private_url'],
  ['https://localhost./', 'webhook_endpoint.private_url'],
  ['https://169.254.169.254/latest/meta-data', 'webhook_endpoint.private_url'],
  ['ftp://hooks.acme.example/', 'body.invalid'],
  ['https://', 'body.invalid'],
  ['https://exa mple', 'body.invalid'],
])('%s is refused', async (url, code) => {
  expect(await codeOf(post({ url }))).toBe(code);
});

test('an update changes only the given fields', async () => {
  const { id } = await create({ url: URL, description: 'Ours' });
  const endpoint = await read<Schemas['WebhookEndpoint']>(at(id));
  const update = (json: object) =>
    read<Schemas['WebhookEndpoint']>(at(endpoint.id, '', { method: 'PATCH', json }));
  expect(await update({})).toEqual(endpoint);
  expect(await update({ event_types: ['session.ended'] })).toEqual({
    ...endpoint,
    event_types: ['session.ended'],
  });
  expect(await update({ status: 'disabled' })).toMatchObject({
    status: 'disabled',
    disabled_reason: 'requested',
    event_types: ['session.ended'],
  });
  expect(await update({ status: 'enabled' })).toMatchObject({ status: 'enabled', disabled_reason: null });
});

test('each change of an endpoint is in the audit log', async () => {
  const { id } = await create();
  const moved = { url: 'https://other.acme.example/a-secret-path', event_types: ['session.ended'] };
  await read(at(id, '', { method: 'PATCH', json: { ...moved, description: 'Ours', status: 'disabled' } }));
  await read(at(id, '/rotate_secret', { method: 'POST' }));
  await at(id, '', { method: 'DELETE' });
  const { rows } = await server.database.pool.query<{ action: string; details: object }>(
    `SELECT action, details FROM audit_entries WHERE object_id = $1 AND actor_kind = 'api_key' ORDER BY id`,
    [id],
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'webhook_endpoint.create',
    'webhook_endpoint.update',
    'webhook_endpoint.rotate_secret',
    'webhook_endpoint.delete',
  ]);
  expect(rows[1]?.details).toEqual({
    mode: 'test',
    host: { from: new globalThis.URL(URL).host, to: 'other.acme.example' },
    event_types: { from: [], to: ['session.ended'] },
    status: { from: 'enabled', to: 'disabled' },
  });
});

test('a deleted endpoint is gone', async () => {
  const { id } = await create();
  expect((await at(id, '', { method: 'DELETE' })).status).toBe(204);
  for (const [path, method] of [
    ['', 'GET'],
    ['', 'DELETE'],
    ['/rotate_secret', 'POST'],
    ['/deliveries', 'GET'],
  ]) {
    expect(await codeOf(at(id, path, { method }))).toBe('webhook_endpoint.not_found');
  }
});

describe('an organisation', () => {
  test('can have 16 endpoints in a mode, even when they are created at once', async () => {
    const keys = await server.createOrg({ id: 'many' });
    const statuses = await Promise.all(
      Array.from({ length: 18 }, async () => (await post({ url: URL }, keys.test)).status),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(16);
    expect(statuses.filter((status) => status === 403)).toHaveLength(2);
    expect(await codeOf(post({ url: URL }, keys.test))).toBe('webhook_endpoint.limit_reached');
    expect((await post({ url: URL }, keys.live)).status).toBe(201);
  });

  test('does not see the endpoints and deliveries of another, or of the other mode', async () => {
    const { id } = await create();
    const delivery = await read<Schemas['WebhookDelivery']>(at(id, '/test', { method: 'POST', json: {} }));
    const other = await server.createOrg({ id: 'curious' });
    for (const key of [other.test, server.keys.live]) {
      for (const [path, method] of [
        ['', 'GET'],
        ['', 'DELETE'],
        ['/rotate_secret', 'POST'],
        ['/deliveries', 'GET'],
      ]) {
        expect((await at(id, path, { method, key })).status).toBe(404);
      }
      const path = `/v1/webhook_deliveries/${delivery.id}`;
      expect((await server.request(path, { key })).status).toBe(404);
      expect((await server.request(`${path}/redeliver`, { method: 'POST', key })).status).toBe(404);
      const list = await read<Schemas['WebhookEndpointList']>(
        server.request('/v1/webhook_endpoints', { key }),
      );
      expect(list.data.map((each) => each.id)).not.toContain(id);
    }
  });
});

test('a read-only key cannot change endpoints', async () => {
  const { id } = await create();
  const { secret: key } = await server.createKey({ scopes: ['webhooks:read'] });
  expect((await at(id, '', { key })).status).toBe(200);
  expect((await at(id, '/deliveries', { key })).status).toBe(200);
  for (const [path, method, json] of [
    ['', 'PATCH', {}],
    ['', 'DELETE', undefined],
    ['/rotate_secret', 'POST', undefined],
    ['/test', 'POST', {}],
  ] as const) {
    expect(await codeOf(at(id, path, { method, json, key }))).toBe('api_key.scope_required');
  }
});
