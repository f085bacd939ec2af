import { sessionCreate } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let stored: Record<string, number>;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  stored = await storedRows(server.database);
});
afterEach(async () => {
  expect(await storedRows(server.database)).toEqual(stored);
});
afterAll(() => server.close());

const create = (json: unknown) => server.request('/v1/sessions', { method: 'POST', json });
const createRaw = (body: string) =>
  server.request('/v1/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
const createKey = (fields: Record<string, unknown>) =>
  server.request('/v1/api_keys', {
    method: 'POST',
    json: { name: 'ci', scopes: ['sessions:read'], ...fields },
  });
const invalid = (param: string | null) => ({ status: 422, code: 'body.invalid', param });
const unknown = (param: string) => ({ status: 422, code: 'body.unknown_field', param });

describe('an unknown field is rejected with its dot path', () => {
  test('at the top', async () => {
    expect(await errorOf(await create(await sessionCreate({ avatarId: 'x' })))).toEqual(unknown('avatarId'));
  });

  test('inside the transport', async () => {
    const body = await sessionCreate({ transport: { roomName: 'x' } });
    expect(await errorOf(await create(body))).toEqual(unknown('transport.roomName'));
  });

  test('that only responses have, such as the id', async () => {
    expect(await errorOf(await create(await sessionCreate({ id: 'sess_mine' })))).toEqual(unknown('id'));
  });

  test('with a dot in its name', async () => {
    expect(await errorOf(await create(await sessionCreate({ 'a.b~c': 1 })))).toEqual(unknown('a.b~c'));
  });
});

test('the quoted name of an unknown field is truncated to the limit of the error’s message', async () => {
  const { status, code, param } = await errorOf(await create(await sessionCreate({ ['x'.repeat(5000)]: 1 })));
  expect({ status, code }).toEqual({ status: 422, code: 'body.unknown_field' });
  expect(param).toBe(`${'x'.repeat(511)}…`);
});

describe('an invalid value is rejected with its dot path', () => {
  test.each([
    ['avatar_id', { avatar_id: 5 }],
    ['avatar_id', { avatar_id: '' }],
    ['avatar_id', { avatar_id: null }],
    ['transport', { transport: null }],
    ['transport', { transport: 'livekit' }],
    ['transport', { transport: [] }],
    ['quality', { quality: 'ultra' }],
    ['max_duration_seconds', { max_duration_seconds: 0 }],
    ['max_duration_seconds', { max_duration_seconds: 3601 }],
    ['max_duration_seconds', { max_duration_seconds: 1.5 }],
    ['max_duration_seconds', { max_duration_seconds: '60' }],
    ['idle_timeout_seconds', { idle_timeout_seconds: 1e9 }],
    ['metadata', { metadata: [] }],
    ['metadata.list', { metadata: { list: [] } }],
    ['metadata.nested', { metadata: { nested: {} } }],
  ])('%s: %j', async (param, fields) => {
    const valid = await sessionCreate();
    expect(await errorOf(await create({ ...valid, ...fields }))).toEqual(invalid(param));
  });

  test.each([
    ['transport.url', 'https://rooms.example.com'],
    ['transport.url', 'wss://'],
    ['transport.url', 'javascript:alert(1)'],
    ['transport.room_name', ''],
    ['transport.worker_token', 7],
    ['transport.audio_source', 'radio'],
    ['transport.synthetic_audio_if_no_input', 'yes'],
  ])('%s: %j', async (param, value) => {
    const field = param.slice('transport.'.length);
    const body = await sessionCreate({ transport: { [field]: value } });
    expect(await errorOf(await create(body))).toEqual(invalid(param));
  });

  test('a missing required field', async () => {
    const body: Record<string, unknown> = await sessionCreate();
    delete body['avatar_id'];
    expect(await errorOf(await create(body))).toEqual(invalid('avatar_id'));
  });

  test('a missing required field in a transport without a type', async () => {
    const body = await sessionCreate({ transport: { type: undefined, url: undefined } });
    expect(await errorOf(await create(body))).toEqual(invalid('transport.url'));
  });
});

describe('text that PostgreSQL cannot store is rejected with its dot path', () => {
  test.each([
    ['a NUL', 'a\0b'],
    ['the first half of a surrogate pair', 'a\ud800b'],
    ['the second half', '\udc00'],
  ])('%s', async (_name, text) => {
    expect(await errorOf(await create(await sessionCreate({ avatar_id: text })))).toEqual(
      invalid('avatar_id'),
    );
    expect(await errorOf(await create(await sessionCreate({ metadata: { note: text } })))).toEqual(
      invalid('metadata.note'),
    );
    expect(await errorOf(await create(await sessionCreate({ metadata: { [text]: 1 } })))).toEqual(
      invalid('metadata'),
    );
    expect(await errorOf(await create(await sessionCreate({ transport: { room_name: text } })))).toEqual(
      invalid('transport.room_name'),
    );
    expect(await errorOf(await createKey({ name: text }))).toEqual(invalid('name'));
  });
});

describe('a key that would set a prototype is rejected', () => {
  test.each([
    ['__proto__ at the top', '{"__proto__":{"avatar_id":"av_stock_001"}}'],
    ['__proto__ in the metadata', '{"metadata":{"__proto__":{"polluted":true}}}'],
    ['__proto__ with an escape', '{"metadata":{"__pr\\u006fto__":1}}'],
    ['constructor.prototype', '{"metadata":{"constructor":{"prototype":{"polluted":true}}}}'],
  ])('%s', async (_name, body) => {
    const { status } = await errorOf(await createRaw(body));
    expect(status).toBe(422);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('a time that does not exist is rejected', () => {
  test.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2099-01-01T25:00:00Z',
    '2099-01-01',
    '2099-01-01T00:00:00',
    '2099-01-01 noon',
    'tomorrow',
    4102444800,
  ])('%j', async (time) => {
    expect(await errorOf(await createKey({ expires_at: time }))).toEqual(invalid('expires_at'));
  });
});
