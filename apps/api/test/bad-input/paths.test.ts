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

describe('a malformed id is rejected', () => {
  test.each([
    ...[
      'nonsense',
      'sess_',
      'sess_short',
      'SESS_01KKGP79VG6A09Y83A35BZFNZE',
      'sess_01kkgp79vg6a09y83a35bzfnze',
    ],
    ...[
      'sess_81KKGP79VG6A09Y83A35BZFNZE',
      'evt_01KKGP79VG6A09Y83A35BZFNZE',
      'sess_01KKGP79VG6A09Y83A35BZFNZ%00',
    ],
    ...[
      '%00',
      '%20',
      '%2e%2e',
      '%2F',
      '..%2f..%2fetc',
      '__proto__',
      'constructor',
      '%F0%9F%98%80',
      "'%20OR%201=1--",
    ],
    'x'.repeat(5000),
  ])('%s', async (id) => {
    for (const [method, path] of [
      ['GET', `/v1/sessions/${id}`],
      ['GET', `/v1/sessions/${id}/events`],
      ['POST', `/v1/sessions/${id}/end`],
      ['DELETE', `/v1/api_keys/${id}`],
      ['GET', `/v1/avatars/${id}`],
    ] as const) {
      // A client resolves dots, here to the path of the events list.
      if (new URL(path, server.url).pathname === '/v1/events') continue;
      const { status } = await errorOf(await server.request(path, { method }));
      expect([404, 405, 422]).toContain(status);
    }
  });
});

test('a path that does not decode is rejected as malformed', async () => {
  for (const id of ['%', '%zz', '%ff', '%c3%28', '%ed%a0%80', 'sess_%E0%A4%A']) {
    expect(await errorOf(await server.request(`/v1/sessions/${id}`))).toEqual({
      status: 400,
      code: 'request.malformed',
      param: null,
    });
  }
});

test('a quoted path is truncated to the limit of the error’s message', async () => {
  const error = await errorOf(await server.request(`/${'x'.repeat(5000)}`));
  expect(error).toEqual({ status: 404, code: 'route.not_found', param: null });
});

describe('a cursor that is not an id of this list is rejected', () => {
  test.each([
    ['/v1/sessions', 'cursor.unknown'],
    ['/v1/usage/events', 'cursor.unknown'],
    ['/v1/avatars', 'cursor.unknown'],
    ['/v1/api_keys', 'cursor.unknown'],
  ])('%s', async (path, code) => {
    const cursors = [
      'sess_01KKGP79VG6A09Y83A35BZFNZE',
      'evt_01KKGP79VG6A09Y83A35BZFNZE',
      'nonsense',
      '',
      '%00',
      '__proto__',
      '~',
      'x'.repeat(300),
    ];
    for (const cursor of cursors) {
      const error = await errorOf(await server.request(`${path}?starting_after=${cursor}`));
      expect(error).toEqual({ status: 400, code, param: 'starting_after' });
    }
  });
});

describe('a malformed Idempotency-Key is rejected', () => {
  test.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['quoted and empty', '""'],
  ])('%s', async (_name, key) => {
    const response = await server.request('/v1/sessions', {
      method: 'POST',
      headers: { 'Idempotency-Key': key },
      json: await sessionCreate(),
    });
    expect(await errorOf(response)).toEqual({
      status: 422,
      code: 'parameter.invalid',
      param: 'Idempotency-Key',
    });
  });
});
