import { request as httpRequest } from 'node:http';

import { operationTable } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createSession } from '../harness/answers.ts';
import { refusal } from '../harness/refusal.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Milliseconds that a number of refused creates take, each with the content type that is its turn. */
async function duration(count: number, contentType: (turn: number) => string): Promise<number> {
  const began = performance.now();
  for (let turn = 0; turn < count; turn += 1) {
    const headers = { 'Content-Type': contentType(turn) };
    const response = await server.request('/v1/sessions', { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(422);
  }
  return performance.now() - began;
}

test('a content type with a parameter that was never seen costs no more than one that was', async () => {
  const COUNT = 100;
  await duration(10, () => 'application/json');
  const known = await duration(COUNT, () => 'application/json');
  const fresh = await duration(COUNT, (turn) => `application/json; foo=${turn}`);
  // A validator compiled for each of them takes many times as long.
  expect(fresh).toBeLessThan(known * 2 + 200);
});

test('a content type on a request that has no body costs nothing either', async () => {
  const COUNT = 100;
  const get = async (headers: (turn: number) => Record<string, string>) => {
    const began = performance.now();
    for (let turn = 0; turn < COUNT; turn += 1) {
      expect((await server.request('/v1/billing/plans', { headers: headers(turn) })).status).toBe(200);
    }
    return performance.now() - began;
  };
  await get(() => ({}));
  const without = await get(() => ({}));
  expect(await get((turn) => ({ 'Content-Type': `text/x-${turn}; foo=${turn}` }))).toBeLessThan(
    without * 2 + 200,
  );
});

describe('HEAD', () => {
  const reading = Object.values(operationTable)
    .filter(({ method, path }) => method === 'get' && !path.includes('{'))
    .map(({ path, security }): [string, boolean] => [path, security.length > 0]);

  test.each(reading)('needs the credentials of GET on %s, and answers alike', async (path, needsKey) => {
    const get = await server.request(path);
    const head = await server.request(path, { method: 'HEAD' });
    expect(head.status).toBe(get.status);
    expect(await head.text()).toBe('');
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));

    const anonymous = await server.request(path, { method: 'HEAD', key: null });
    expect(anonymous.status).toBe(needsKey ? 401 : 200);
  });

  test('is held against the document as GET is', async () => {
    expect((await server.request('/v1/sessions?limit=0', { method: 'HEAD' })).status).toBe(422);
    expect(
      (await server.request('/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE', { method: 'HEAD' })).status,
    ).toBe(404);
  });
});

test('a colon that is not escaped is read in a query value', async () => {
  const { id } = await createSession(server);
  const { hostname, port } = new URL(server.url);
  const body = await new Promise<string>((resolve, reject) => {
    const path = '/v1/sessions?created_after=2020-01-01T00:00:00.000Z&created_before=2999-01-01T00:00:00Z';
    const headers = { Authorization: `Bearer ${server.keys.test}` };
    httpRequest({ hostname, port, path, headers }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
  expect((JSON.parse(body) as { data: { id: string }[] }).data.map((session) => session.id)).toEqual([id]);
});

test('a transport of null is refused as the wrong type, not taken for one of the variants', async () => {
  const response = await server.request('/v1/sessions', {
    method: 'POST',
    json: { avatar_id: 'av_stock_001', transport: null },
  });
  expect(await refusal(response)).toEqual({ status: 422, code: 'body.invalid', param: 'transport' });
});

test('a query is never read as nested objects', async () => {
  for (const query of ['limit[a][b]=1', 'status[0]=running', '__proto__[limit]=1', 'a.b=1']) {
    expect((await server.request(`/v1/sessions?${query}`)).status).toBe(422);
  }
});
