import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function create(headers: Record<string, string>, encode: (json: Buffer) => Buffer = (json) => json) {
  const body = encode(Buffer.from(JSON.stringify(await sessionCreate())));
  return server.request('/v1/sessions', { method: 'POST', headers, body });
}

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/json; charset=utf8',
  'application/json; charset=UTF8',
  'application/json; utf-8',
  'Application/JSON; foo=bar',
])('a body of type %s is read', async (type) => {
  expect((await create({ 'Content-Type': type })).status).toBe(201);
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['x-gzip', gzipSync],
  ['gzip, identity', gzipSync],
] as const)('a body compressed with %s is read', async (encoding, compress) => {
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding };
  expect((await create(headers, (json) => compress(json))).status).toBe(201);
});

test('a byte order mark before the body is ignored', async () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const response = await create({ 'Content-Type': 'application/json' }, (json) =>
    Buffer.concat([mark, json]),
  );
  expect(response.status).toBe(201);
});

test('a body is ignored by an operation without a body', async () => {
  const created = await create({ 'Content-Type': 'application/json' });
  const { id } = (await created.json()) as { id: string };
  for (const type of ['application/json', 'text/plain', 'nonsense']) {
    const response = await server.request(`/v1/sessions/${id}/end`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: '{',
    });
    expect(response.status).toBe(200);
  }
});

test('text beyond the basic multilingual plane is returned unchanged', async () => {
  const metadata = { 'Schlüssel 🗝': '日本語 😀 \u0001 \u2028', quote: '"\\/' };
  const response = await server.request('/v1/sessions', {
    method: 'POST',
    json: await sessionCreate({ metadata }),
  });
  const { id } = (await response.json()) as { id: string };
  const read = await server.request(`/v1/sessions/${id}`);
  expect(((await read.json()) as { metadata: unknown }).metadata).toEqual(metadata);
});
