import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';

import { operationTable } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { createSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

// The class with which the validator compiles schemas, after adding each.
const { default: Ajv } = createRequire(createRequire(import.meta.url).resolve('express-openapi-validator'))(
  'ajv/dist/core',
) as { default: { prototype: { addSchema: (schema: unknown) => unknown } } };

describe('no schema is compiled for a new content type', () => {
  let addSchema: jest.SpiedFunction<(schema: unknown) => unknown>;
  beforeAll(() => {
    addSchema = jest.spyOn(Ajv.prototype, 'addSchema');
  });
  afterAll(() => addSchema.mockRestore());

  /** Counts the schemas that `send` compiles, except in its first calls, which compile the schemas once. */
  async function compiled(send: (turn: number) => Promise<number>, status: number): Promise<number> {
    for (let turn = 0; turn < 2; turn += 1) expect(await send(turn)).toBe(status);
    addSchema.mockClear();
    for (let turn = 2; turn < 12; turn += 1) expect(await send(turn)).toBe(status);
    return addSchema.mock.calls.length;
  }

  test('on a request with a body', async () => {
    const create = async (turn: number) => {
      const headers = { 'Content-Type': `application/json; foo=${turn}` };
      return (await server.request('/v1/sessions', { method: 'POST', headers, body: '{}' })).status;
    };
    expect(await compiled(create, 422)).toBe(0);
  });

  test('on an operation without a body', async () => {
    const read = async (turn: number) => {
      const headers = { 'Content-Type': `text/x-${turn}; foo=${turn}` };
      return (await server.request('/v1/billing/plans', { headers })).status;
    };
    expect(await compiled(read, 200)).toBe(0);
  });
});

describe('HEAD', () => {
  const reading = Object.values(operationTable)
    .filter(({ method, path }) => method === 'get' && !path.includes('{'))
    .map(({ path, security }): [string, boolean] => [path, security.length > 0]);

  test.each(reading)(
    'needs the same key as GET on %s, and has the same response headers',
    async (path, needsKey) => {
      const get = await server.request(path);
      const head = await server.request(path, { method: 'HEAD' });
      expect(head.status).toBe(get.status);
      expect(await head.text()).toBe('');
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));

      const anonymous = await server.request(path, { method: 'HEAD', key: null });
      expect(anonymous.status).toBe(needsKey ? 401 : 200);
    },
  );

  test('is checked against the document like GET', async () => {
    expect((await server.request('/v1/sessions?limit=0', { method: 'HEAD' })).status).toBe(422);
    expect(
      (await server.request('/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE', { method: 'HEAD' })).status,
    ).toBe(404);
  });
});

test('a query value may contain an unescaped colon', async () => {
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

test('a transport of null is rejected as the wrong type', async () => {
  const response = await server.request('/v1/sessions', {
    method: 'POST',
    json: { avatar_id: 'av_stock_001', transport: null },
  });
  expect(await errorOf(response)).toEqual({ status: 422, code: 'body.invalid', param: 'transport' });
});

test('a query is never read as nested objects', async () => {
  for (const query of ['limit[a][b]=1', 'status[0]=running', '__proto__[limit]=1', 'a.b=1']) {
    expect((await server.request(`/v1/sessions?${query}`)).status).toBe(422);
  }
});
