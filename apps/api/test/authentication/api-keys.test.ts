import { createHash } from 'node:crypto';

import { scopeValues } from '@greenroom/contract';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { tablesHolding } from '../harness/database-search.ts';
import { errorOf } from '../harness/error-response.ts';
import { read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Key = Schemas['ApiKey'];
type CreatedKey = Key & { secret: string };

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const post = (fields: Record<string, unknown> = {}, key = server.keys.test) =>
  server.request('/v1/api_keys', {
    method: 'POST',
    key,
    json: { name: 'ci', scopes: ['sessions:read'], ...fields },
  });
const create = (fields?: Record<string, unknown>, key?: string) => read<CreatedKey>(post(fields, key));
const list = (key = server.keys.test) => read<List<Key>>(server.request('/v1/api_keys?limit=100', { key }));
const remove = (id: string, key = server.keys.test) =>
  server.request(`/v1/api_keys/${id}`, { method: 'DELETE', key });

describe('a key cannot create a key with more permissions', () => {
  test('in scopes', async () => {
    const { secret } = await create({ scopes: ['keys:admin'] });
    const response = await post({ scopes: ['keys:admin', 'sessions:write'] }, secret);
    expect(await errorOf(response)).toEqual({ status: 403, code: 'api_key.grant_exceeded', param: 'scopes' });
    expect((await post({ scopes: ['keys:admin'] }, secret)).status).toBe(201);
  });

  test('in time', async () => {
    const expiry = Date.now() + 3_600_000;
    const at = (time: number) => new Date(time).toISOString();
    const { secret } = await create({ scopes: ['keys:admin'], expires_at: at(expiry) });
    const refused = { status: 403, code: 'api_key.grant_exceeded', param: 'expires_at' };
    const scopes = ['keys:admin'];
    expect(await errorOf(await post({ scopes }, secret))).toEqual(refused);
    expect(await errorOf(await post({ scopes, expires_at: at(expiry + 1000) }, secret))).toEqual(refused);
    expect((await post({ scopes, expires_at: at(expiry) }, secret)).status).toBe(201);
  });
});

test('a key reads its own scopes and expiry, whatever its scopes, and never its secret', async () => {
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  const { secret, ...created } = await create({ scopes: ['usage:read'], expires_at });
  const current = await read<Key>(server.request('/v1/api_keys/current', { key: secret }));
  expect({ ...current, last_used_at: null }).toEqual(created);
});

describe('a create repeated with its Idempotency-Key', () => {
  const again = (name: string, key?: string) =>
    server.request('/v1/api_keys', {
      method: 'POST',
      headers: { 'Idempotency-Key': 'rotation-7' },
      json: { name, scopes: ['sessions:read'] },
      ...(key !== undefined && { key }),
    });

  test('returns the created key with its secret, which is not stored in plain text', async () => {
    const first = await read<CreatedKey>(again('once'));
    const replay = await again('once');
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(await replay.json()).toEqual(first);
    expect((await list()).data.filter(({ name }) => name === 'once')).toHaveLength(1);
    expect(await tablesHolding(server.database, first.secret)).toEqual([]);
    expect((await server.request('/v1/sessions', { key: first.secret })).status).toBe(200);
  });

  test('is rejected for a different key', async () => {
    await again('once');
    expect(await errorOf(await again('twice'))).toMatchObject({
      status: 409,
      code: 'idempotency_key.reused',
    });
  });
});

test('an organisation has at most a hundred usable keys, both modes together', async () => {
  const keys = await server.createOrg({ id: 'locksmith' });
  const row = (index: number, fields: { expiresAt?: Date; revokedAt?: Date } = {}) => ({
    orgId: 'locksmith',
    mode: index % 2 === 0 ? ('test' as const) : ('live' as const),
    id: `key_${String(index).padStart(26, '0')}`,
    name: 'old',
    scopes: ['sessions:read'],
    hint: 'sk_…',
    secretHash: new Uint8Array(createHash('sha256').update(`locksmith ${index}`).digest()),
    ...fields,
  });
  const past = new Date(Date.now() - 1000);
  await server.database.prisma.apiKey.createMany({
    data: [
      ...Array.from({ length: 96 }, (_, index) => row(index)),
      row(96, { expiresAt: past }),
      row(97, { revokedAt: past }),
    ],
  });
  const statuses = await Promise.all([1, 2, 3, 4, 5].map(async () => (await post({}, keys.test)).status));
  expect(statuses.sort()).toEqual([201, 201, 403, 403, 403]);
  expect(await errorOf(await post({}, keys.live))).toEqual({
    status: 403,
    code: 'api_key.limit_reached',
    param: null,
  });
  expect((await remove(row(0).id, keys.test)).status).toBe(204);
  expect((await post({}, keys.live)).status).toBe(201);
});

describe('a created key', () => {
  test('has only the requested scopes', async () => {
    const key = await create({ name: 'Läufer 🏃', scopes: ['usage:read', 'sessions:read'] });
    expect(key).toMatchObject({ object: 'api_key', name: 'Läufer 🏃', last_used_at: null, expires_at: null });
    expect([...key.scopes].sort()).toEqual(['sessions:read', 'usage:read']);
    expect((await server.request('/v1/usage', { key: key.secret })).status).toBe(200);
    expect((await server.request('/v1/api_keys', { key: key.secret })).status).toBe(403);
  });

  test('has the mode of the key that created it', async () => {
    const test = await create();
    const live = await create({}, server.keys.live);
    expect([test.mode, live.mode]).toEqual(['test', 'live']);
    expect(test.secret).toMatch(/^sk_test_[A-Za-z0-9_-]{43}$/);
    expect(live.secret).toMatch(/^sk_live_[A-Za-z0-9_-]{43}$/);
  });

  test('shows its secret once: no list and no table contains it', async () => {
    const { id, secret, hint } = await create();
    const listed = await server.request('/v1/api_keys?limit=100');
    const text = await listed.text();
    expect(text).toContain(id);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('"secret"');
    expect(secret.endsWith(hint.slice(-4))).toBe(true);
    expect(await tablesHolding(server.database, secret)).toEqual([]);
    expect(await tablesHolding(server.database, secret.slice('sk_test_'.length))).toEqual([]);
  });

  test('may have an expiry', async () => {
    const time = new Date(Date.now() + 3_600_000).toISOString();
    expect((await create({ expires_at: time })).expires_at).toBe(time);
  });
});

describe('a key is not created', () => {
  const invalid = (param: string | null) => ({ status: 422, code: 'body.invalid', param });

  test.each([
    ['that expires in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['that expires now', { expires_at: new Date().toISOString() }, 'expires_at'],
    ['without a name', { name: '' }, 'name'],
    ['with a name that is too long', { name: 'x'.repeat(101) }, 'name'],
    ['without scopes', { scopes: [] }, 'scopes'],
    ['with an unknown scope', { scopes: ['sessions:read', 'everything'] }, 'scopes.1'],
    ['with a scope twice', { scopes: ['sessions:read', 'sessions:read'] }, 'scopes'],
  ])('%s', async (_name, fields, param) => {
    const before = await server.database.prisma.apiKey.count();
    expect(await errorOf(await post(fields))).toEqual(invalid(param));
    expect(await server.database.prisma.apiKey.count()).toBe(before);
  });

  test('in a mode of the caller’s choice', async () => {
    expect(await errorOf(await post({ mode: 'live' }))).toEqual({
      status: 422,
      code: 'body.unknown_field',
      param: 'mode',
    });
  });
});

describe('keys are listed and deleted', () => {
  test('newest first, in pages', async () => {
    const keys = await server.createOrg({ id: 'pages' });
    const made = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await create({}, keys.test)).id);
    const first = await read<List<Key>>(server.request('/v1/api_keys?limit=3', { key: keys.test }));
    const rest = await read<List<Key>>(
      server.request(`/v1/api_keys?limit=3&starting_after=${first.next_cursor}`, { key: keys.test }),
    );
    const ids = [...first.data, ...rest.data].map(({ id }) => id);
    expect(ids.slice(0, 5)).toEqual(made);
    expect(ids).toHaveLength(6);
    expect(rest.has_more).toBe(false);
  });

  test('only within their organisation and mode; other keys are not found', async () => {
    const foreign = await server.createOrg({ id: 'foreign' });
    const { id } = await create();
    for (const key of [foreign.test, server.keys.live]) {
      expect((await list(key)).data.map((item) => item.id)).not.toContain(id);
      expect(await errorOf(await remove(id, key))).toEqual({
        status: 404,
        code: 'api_key.not_found',
        param: 'api_key_id',
      });
      const after = await server.request(`/v1/api_keys?starting_after=${id}`, { key });
      expect(await errorOf(after)).toMatchObject({ status: 400, code: 'cursor.unknown' });
    }
    expect((await list()).data.map((item) => item.id)).toContain(id);
  });

  test('a deleted key stops working, is not listed and is not found again', async () => {
    const { id, secret } = await create();
    expect((await remove(id)).status).toBe(204);
    expect((await list()).data.map((item) => item.id)).not.toContain(id);
    expect((await server.request('/v1/sessions', { key: secret })).status).toBe(401);
    expect(await errorOf(await remove(id))).toMatchObject({ status: 404, code: 'api_key.not_found' });
  });

  test('a list continues after a cursor whose key was deleted', async () => {
    await create();
    const { id } = await create();
    await create();
    await remove(id);
    expect((await server.request(`/v1/api_keys?starting_after=${id}`)).status).toBe(200);
  });

  test('a key may delete itself', async () => {
    const { id, secret } = await create({ scopes: [...scopeValues] });
    expect((await remove(id, secret)).status).toBe(204);
    // The key is in the cache of the process until PostgreSQL's notification arrives.
    await until(async () => (await remove(id, secret)).status === 401);
  });
});
