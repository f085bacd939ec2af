import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const list = (query: string) => server.request(`/v1/sessions?${query}`);
const invalid = (param: string) => ({ status: 422, code: 'parameter.invalid', param });
const unknown = (param: string) => ({ status: 422, code: 'parameter.unknown', param });

describe('limit is rejected unless it is written as an integer from 1 to 100', () => {
  test.each([
    ...[
      '0',
      '101',
      '-1',
      '1e1',
      '%205',
      '5%20',
      '5.0',
      '0x10',
      '%2B5',
      '+5',
      '',
      '05',
      'five',
      'null',
      '1,2',
    ],
    ...['NaN', 'Infinity', '9007199254740993', '99999999999999999999999', '%D9%A5', '1_0', 'true'],
  ])('limit=%s', async (value) => {
    expect(await errorOf(await list(`limit=${value}`))).toEqual(invalid('limit'));
  });

  test('and accepted at both bounds', async () => {
    for (const value of [1, 100]) expect((await list(`limit=${value}`)).status).toBe(200);
  });
});

describe('an unknown parameter is rejected with its name', () => {
  test.each([
    ['surprise', 'surprise=1'],
    ['Limit', 'Limit=5'],
    ['limit[]', 'limit[]=5'],
    ['limit[gt]', 'limit[gt]=5'],
    ['__proto__', '__proto__=1'],
    ['__proto__[limit]', '__proto__[limit]=1'],
    ['constructor', 'constructor=1'],
    ['constructor.prototype', 'constructor.prototype=1'],
    ['hasOwnProperty', 'hasOwnProperty=1'],
    ['', '=1'],
    ['a\0b', 'a%00b=1'],
    [`${'x'.repeat(511)}…`, `${'x'.repeat(5000)}=1`],
  ])('%j', async (name, query) => {
    const error = await errorOf(await list(query));
    expect(error).toEqual(unknown(name));
  });

  test('on every operation, even one without parameters', async () => {
    expect(await errorOf(await server.request('/v1/limits?limit=5'))).toEqual(unknown('limit'));
    expect(await errorOf(await server.request('/v1/status?__proto__=1', { key: null }))).toEqual(
      unknown('__proto__'),
    );
  });
});

describe('a parameter with one value is rejected when it is repeated', () => {
  test.each([
    ['limit', 'limit=5&limit=5'],
    ['avatar_id', 'avatar_id=av_stock_001&avatar_id=av_stock_002'],
    ['created_after', 'created_after=2026-01-01T00:00:00Z&created_after=2026-01-02T00:00:00Z'],
  ])('%s', async (name, query) => {
    expect(await errorOf(await list(query))).toEqual(invalid(name));
  });

  test('starting_after, like any unknown cursor', async () => {
    expect(await errorOf(await list('starting_after=a&starting_after=b'))).toEqual({
      status: 400,
      code: 'cursor.unknown',
      param: 'starting_after',
    });
  });
});

describe('a time that does not exist is rejected with the parameter’s name', () => {
  test.each([
    ...[
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01',
      'yesterday',
      '',
    ],
    ...['2026-01-01T00:00:00', '1767225600', '2026-01-01T00:00:00+25:00', '+012026-01-01T00:00:00Z'],
    '9999-12-31T23:59:59-00:01',
    ...[
      '2025-02-29T00:00:00Z',
      '2026-1-1T00:00:00Z',
      '2026-01-01T00:00:00.Z',
      'Thu, 01 Jan 2026 00:00:00 GMT',
    ],
  ])('%s', async (time) => {
    const value = encodeURIComponent(time);
    expect(await errorOf(await list(`created_after=${value}`))).toEqual(invalid('created_after'));
    expect(await errorOf(await list(`created_before=${value}`))).toEqual(invalid('created_before'));
    expect(
      await errorOf(await server.request(`/v1/usage?period_start=${value}&period_end=2026-06-01T00:00:00Z`)),
    ).toEqual(invalid('period_start'));
  });
});

test('a range that ends before it begins returns an empty list', async () => {
  const response = await list('created_after=2026-06-01T00:00:00Z&created_before=2026-05-01T00:00:00Z');
  expect(await response.json()).toEqual({ object: 'list', data: [], has_more: false, next_cursor: null });
});

describe('text that PostgreSQL cannot store is rejected with the parameter’s name', () => {
  test.each([
    ['avatar_id', '/v1/sessions?avatar_id=av_%00'],
    ['q', '/v1/avatars?q=%00'],
    ['session_id', '/v1/usage/events?session_id=sess_%00'],
  ])('a NUL in %s', async (param, path) => {
    expect(await errorOf(await server.request(path))).toEqual(invalid(param));
  });

  test('invalid UTF-8 and lone surrogates reach no query of the database', async () => {
    for (const value of ['%ff', '%c3%28', '%ed%a0%80', '%F0%9F', '%', '%zz']) {
      expect((await server.request(`/v1/avatars?q=${value}`)).status).toBe(200);
      expect(await errorOf(await list(`avatar_id=${value}`))).toEqual(invalid('avatar_id'));
      expect(await errorOf(await list(`starting_after=${value}`))).toMatchObject({ code: 'cursor.unknown' });
    }
  });
});

test('an unknown status is rejected, alone and next to known ones', async () => {
  for (const query of [
    'status=sleeping',
    'status=',
    'status=running&status=RUNNING',
    'status=a,b',
    'status=%00',
  ]) {
    expect(await errorOf(await list(query))).toMatchObject({ param: 'status' });
  }
});

test('the error explains a plus sign that was not encoded', async () => {
  const response = await server.request('/v1/sessions?created_after=2026-01-01T00:00:00+02:00');
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toBe(
    '`created_after` must be a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset. ' +
      'In a URL, write `+` as `%2B`. You sent `2026-01-01T00:00:00 02:00`.',
  );
});
