import { connect } from 'node:net';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { announcesLimits } from '../harness/rate-limit.ts';
import { rawRequest } from '../harness/raw-request.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const HOST = 'Host: greenroom\r\n';

describe('malformed HTTP gets a 400 in the shape of all errors, and the connection is closed', () => {
  test.each([
    ['garbage', 'hello\r\n\r\n'],
    ['bytes', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x0d, 0x0a, 0x0d, 0x0a])],
    [
      'headers of more than 16 KiB',
      `GET /v1/sessions HTTP/1.1\r\n${HOST}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    ['a length that is not a number', `POST /v1/sessions HTTP/1.1\r\n${HOST}Content-Length: ten\r\n\r\n`],
    ['a negative length', `POST /v1/sessions HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`],
    ['two lengths', `POST /v1/sessions HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      'a length together with chunks, as in request smuggling',
      `POST /v1/sessions HTTP/1.1\r\n${HOST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    ],
    ['a header without a name', `GET /v1/sessions HTTP/1.1\r\n${HOST}: nothing\r\n\r\n`],
    ['a NUL in a header', `GET /v1/sessions HTTP/1.1\r\n${HOST}X-Nul: a\0b\r\n\r\n`],
    ['an unknown version', 'GET /v1/sessions HTTP/9.9\r\n\r\n'],
    ['two hosts', `GET /v1/sessions HTTP/1.1\r\n${HOST}Host: elsewhere\r\n\r\n`],
    ['the same host twice', `GET /v1/sessions HTTP/1.1\r\n${HOST}${HOST}\r\n`],
    ['no host', 'GET /v1/sessions HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('%s', async (_name, bytes) => {
    const { status, headers, body } = await rawRequest(server.url, bytes);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('connection')).toBe('close');
    expect(announcesLimits(headers)).toBe(true);
    expect(JSON.parse(body)).toEqual({
      error: {
        type: 'invalid_request',
        code: 'request.malformed',
        message: expect.any(String),
        param: null,
        request_id: headers.get('x-request-id'),
      },
    });
  });
});

/** Sends a request for a target as bytes, because clients normalize it. */
const target = (text: string, key: string | null) =>
  `GET ${text} HTTP/1.1\r\n${HOST}${key === null ? '' : `Authorization: Bearer ${key}\r\n`}Connection: close\r\n\r\n`;

test.each(['http://elsewhere.example/v1/sessions?limit=1', 'HTTPS://elsewhere.example:81/v1/sessions'])(
  'a target that is a whole URL stands for its path, and needs the same key: %s',
  async (url) => {
    expect((await rawRequest(server.url, target(url, server.keys.test))).status).toBe(200);
    const anonymous = await rawRequest(server.url, target(url, null));
    expect(anonymous.status).toBe(401);
    expect(JSON.parse(anonymous.body)).toHaveProperty('error.code', 'api_key.missing');
  },
);

test.each([
  ...[
    '*',
    '//v1/sessions',
    '/\\v1/sessions',
    '/v1/../v1/sessions',
    'http://elsewhere.example',
    'http://elsewhere.example?a',
  ],
  'http://elsewhere.example//v1/sessions',
])('a target that resembles a path reaches no operation: %s', async (text) => {
  for (const key of [server.keys.test, null]) {
    const { status, headers, body } = await rawRequest(server.url, target(text, key));
    expect(status).toBe(404);
    expect(announcesLimits(headers)).toBe(true);
    expect(JSON.parse(body)).toHaveProperty('error.code', 'route.not_found');
  }
});

test('unsupported HTTP methods get an error in the shape of all errors', async () => {
  for (const method of ['TRACE', 'PROPFIND', 'LINK', 'PURGE']) {
    const { status, body } = await rawRequest(
      server.url,
      `${method} /v1/sessions HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    );
    expect(status).toBe(405);
    expect(JSON.parse(body)).toHaveProperty('error.code', 'method.not_allowed');
  }
});

test('a request with an unknown expectation is served', async () => {
  const { status } = await rawRequest(
    server.url,
    `GET /v1/status HTTP/1.1\r\n${HOST}Expect: the-impossible\r\nConnection: close\r\n\r\n`,
  );
  expect(status).toBe(200);
});

test('HTTP/1.0 without a Host is served', async () => {
  expect((await rawRequest(server.url, 'GET /v1/status HTTP/1.0\r\n\r\n')).status).toBe(200);
});

test('an incomplete body stores nothing and delays no other request', async () => {
  const before = await server.database.prisma.session.count();
  const aborted = () => server.logLines.filter((line) => line.includes('"aborted":true')).length;
  const abortedBefore = aborted();
  const { hostname, port } = new URL(server.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /v1/sessions HTTP/1.1\r\n${HOST}Authorization: Bearer ${server.keys.test}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"avatar_id":',
        () => socket.destroy(),
      );
    });
    socket.on('close', () => resolve());
  });
  await until(() => aborted() > abortedBefore);
  expect((await server.request('/v1/sessions')).status).toBe(200);
  expect(await server.database.prisma.session.count()).toBe(before);
});
