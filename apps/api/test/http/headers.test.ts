import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { announcesLimits } from '../harness/rate-limit.ts';
import { createSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A response of every kind. */
const EVERY_KIND: [string, RequestInit & { key?: string | null }][] = [
  ['/v1/sessions', {}],
  ['/v1/sessions', { key: null }],
  ['/v1/sessions?limit=0', {}],
  ['/v1/sessions', { method: 'PUT' }],
  ['/v1/nowhere', {}],
  ['/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' }],
];

describe('the request id', () => {
  const GIVEN = 'req_01KKGP79VG6A09Y83A35BZFNZE';

  test.each(EVERY_KIND)('is the caller’s if it is well-formed: %s %j', async (path, init) => {
    const headers = { ...(init.headers as Record<string, string>), 'X-Request-Id': GIVEN };
    const response = await server.request(path, { ...init, headers });
    expect(response.headers.get('x-request-id')).toBe(GIVEN);
  });

  test.each([
    ...[
      '',
      'req_',
      'hello',
      GIVEN.toLowerCase(),
      `${GIVEN}0`,
      GIVEN.replace('req_', 'sess_'),
      `${GIVEN}, ${GIVEN}`,
    ],
    ...['req_81KKGP79VG6A09Y83A35BZFNZE', 'req_01KKGP79VG6A09Y83A35BZFNZI', '<script>'],
  ])('is a new one in place of %j', async (given) => {
    const response = await server.request('/v1/sessions', { headers: { 'X-Request-Id': given } });
    expect(response.headers.get('x-request-id')).not.toBe(given);
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  test('is in the log line of the request', async () => {
    await server.request('/v1/sessions', { headers: { 'X-Request-Id': GIVEN } });
    expect(
      server.logLines.some((line) => line.includes(GIVEN) && line.includes('"operation":"sessions.list"')),
    ).toBe(true);
  });
});

test.each(EVERY_KIND)('every response has security headers: %s %j', async (path, init) => {
  const { headers } = await server.request(path, init);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test('a JSON response has no headers that concern only pages', async () => {
  const { headers } = await server.request('/v1/sessions');
  for (const name of [
    'x-frame-options',
    'x-xss-protection',
    'x-dns-prefetch-control',
    'x-download-options',
  ]) {
    expect(headers.has(name)).toBe(false);
  }
  for (const name of ['cross-origin-opener-policy', 'origin-agent-cluster']) {
    expect(headers.has(name)).toBe(false);
  }
});

test.each([
  ['/healthz', 'GET'],
  ['/readyz', 'GET'],
  ['/openapi.json', 'GET'],
  ['/openapi.yaml', 'HEAD'],
  ['/', 'GET'],
  ['/docs/', 'GET'],
  ['/v1/sessions', 'OPTIONS'],
])('rate limits are announced outside of operations too: %s %s', async (path, method) => {
  expect(announcesLimits((await fetch(new URL(path, server.url), { method })).headers)).toBe(true);
});

describe('a page of another origin', () => {
  const ORIGIN = 'https://app.example';

  test('may send every header of the API', async () => {
    for (const path of [
      '/v1/sessions',
      '/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE/end',
      '/v1/api_keys/key_1',
    ]) {
      const response = await fetch(new URL(path, server.url), {
        method: 'OPTIONS',
        headers: {
          Origin: ORIGIN,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key,x-request-id',
        },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
      const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(/, ?/);
      expect(allowed).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'x-request-id']),
      );
      expect(response.headers.get('access-control-allow-methods')).toMatch(/POST.*DELETE|DELETE.*POST/);
    }
  });

  test.each(EVERY_KIND)('may read every response: %s %j', async (path, init) => {
    const headers = { ...(init.headers as Record<string, string>), Origin: ORIGIN };
    const response = await server.request(path, { ...init, headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = response.headers.get('access-control-expose-headers')?.toLowerCase().split(/, ?/);
    for (const name of [
      'x-request-id',
      'ratelimit',
      'ratelimit-policy',
      'retry-after',
      'location',
      'idempotent-replayed',
    ]) {
      expect(exposed).toContain(name);
    }
  });
});

test('no shared cache may store a response of an operation', async () => {
  const { id } = await createSession(server);
  for (const path of ['/v1/sessions', `/v1/sessions/${id}`, '/v1/limits']) {
    expect((await server.request(path)).headers.get('etag')).toBeNull();
  }
});

test('a created session has its location', async () => {
  const response = await server.request('/v1/sessions', { method: 'POST', json: await sessionCreate() });
  const { id } = (await response.json()) as { id: string };
  expect(response.headers.get('location')).toBe(`/v1/sessions/${id}`);
  expect((await server.request(response.headers.get('location') ?? '')).status).toBe(200);
});
