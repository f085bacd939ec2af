import { createRequire } from 'node:module';

import { operationTable } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';

import { errorOf } from '../harness/error-response.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const publicDocument: unknown = createRequire(import.meta.url)('@greenroom/contract/openapi.public.json');
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('a path that the document does not have gets a 404', () => {
  test.each([
    '/',
    '/v1',
    '/v2/sessions',
    '/V1/sessions',
    '/v1/Sessions',
    '/v1//sessions',
    '/v1/sessions/a/b',
    '/favicon.ico',
  ])('%s', async (path) => {
    for (const key of [server.keys.test, null]) {
      expect(await errorOf(await server.request(path, { key }))).toEqual({
        status: 404,
        code: 'route.not_found',
        param: null,
      });
    }
  });
});

describe('an unknown method of a path gets a 405 that names the known ones', () => {
  const methodsOf = new Map<string, string[]>();
  for (const { method, path } of Object.values(operationTable)) {
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method.toUpperCase()]);
  }

  test.each([...methodsOf])('%s', async (template, methods) => {
    const path = template.replaceAll(/\{\w+\}/g, 'sess_01KKGP79VG6A09Y83A35BZFNZE');
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.includes(method));
    for (const method of others) {
      const response = await server.request(path, { method });
      expect(await errorOf(response)).toEqual({ status: 405, code: 'method.not_allowed', param: null });
      const allowed = (response.headers.get('allow') ?? '').split(', ');
      expect(allowed.sort()).toEqual(
        [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort(),
      );
    }
    if (!methods.includes('GET')) {
      expect((await server.request(path, { method: 'HEAD' })).status).toBe(405);
    }
  });
});

describe('/openapi.json', () => {
  test('is the public document, without a key and from any origin', async () => {
    const response = await fetch(new URL('/openapi.json', server.url), {
      headers: { Origin: 'https://a.example' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual(publicDocument);
  });

  test('has no parameter with allowReserved', async () => {
    const text = await (await fetch(new URL('/openapi.json', server.url))).text();
    expect(text).not.toContain('allowReserved');
  });

  test('has every public operation and no internal one', async () => {
    const text = await (await fetch(new URL('/openapi.json', server.url))).text();
    for (const [id, { internal }] of Object.entries(operationTable)) {
      expect(text.includes(`"${id}"`)).toBe(!internal);
    }
    expect(text).not.toContain('/internal/');
    expect(text).not.toContain('x-internal');
  });
});

test.each(['/v1/sessions/', '/v1/status/', '/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE/events/'])(
  'a path with a trailing slash is a different path: %s',
  async (path) => {
    const response = await server.request(path);
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'route.not_found' });
  },
);

test('/healthz responds 200 while the process runs, and /readyz while it can serve', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const response = await fetch(new URL(path, server.url));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  }
});

test('/readyz probes the database at most twice a second, whatever the number of callers', async () => {
  const queries = jest.spyOn(server.serverDatabase.pool, 'query');
  const probes = () =>
    queries.mock.calls.filter((call) => call.includes('SHOW transaction_read_only')).length;
  const startedAtMs = performance.now();
  while (probes() < 2) {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => fetch(new URL('/readyz', server.url))),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  expect(probes()).toBeLessThanOrEqual(1 + 2 * seconds);
  queries.mockRestore();
});

describe('/openapi.yaml', () => {
  test('is the same document in YAML', async () => {
    const response = await fetch(new URL('/openapi.yaml', server.url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/yaml');
    expect(parse(await response.text())).toEqual(publicDocument);
  });
});

describe.each(['/openapi.json', '/openapi.yaml'])('the document at %s', (path) => {
  const get = (init: RequestInit = {}) => fetch(new URL(path, server.url), init);

  test('may be cached, and has a strong ETag', async () => {
    const { headers } = await get();
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(headers.get('etag')).toMatch(/^"[\w-]{43}"$/);
  });

  test.each([(etag: string) => etag, (etag: string) => `"other", W/${etag}`, () => '*'])(
    'is not sent again when unchanged',
    async (condition) => {
      const etag = (await get()).headers.get('etag') ?? '';
      const response = await get({ headers: { 'If-None-Match': condition(etag) } });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    },
  );

  test('is sent when the client has another version', async () => {
    const response = await get({ headers: { 'If-None-Match': '"other"' } });
    expect(response.status).toBe(200);
  });

  test('responds to HEAD with the headers of GET', async () => {
    const [whole, head] = [await get(), await get({ method: 'HEAD' })];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
  });
});
