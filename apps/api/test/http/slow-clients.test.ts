import { setTimeout as delay } from 'node:timers/promises';

import { sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { findOrg, updateOrg } from '../../src/accounts/org-repository.ts';
import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { MAX_PIPELINED } from '../../src/http/connection-limits.ts';
import { CLIENT_TIMEOUTS } from '../../src/http/timeouts.ts';
import { rawConnection, type RawConnection } from '../harness/raw-connection.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
/** Short timeouts, so that the tests do not wait for long. */
let impatient: TestServer;
const connections: RawConnection[] = [];

beforeAll(async () => {
  server = await startTestServer();
  impatient = await server.another({
    clientTimeouts: {
      ...CLIENT_TIMEOUTS,
      headersMs: 500,
      requestMs: 3_000,
      bodyMs: 500,
      readMs: 500,
    },
  });
});
afterAll(async () => {
  for (const { socket } of connections) socket.destroy();
  await server.close();
});

const HOST = 'Host: greenroom\r\n';
/** As many requests as a client may send at once, whose responses are more than the kernel takes. */
const MANY = `GET /openapi.json HTTP/1.1\r\n${HOST}\r\n`.repeat(MAX_PIPELINED);

async function opened(url: string, bytes: string | Buffer = ''): Promise<RawConnection> {
  const connection = await rawConnection(url, bytes);
  connections.push(connection);
  return connection;
}

function post(path: string, headers: string, key = server.keys.test): string {
  return `POST ${path} HTTP/1.1\r\n${HOST}Authorization: Bearer ${key}\r\n${headers}\r\n`;
}

const create = (key?: string) =>
  `${post('/v1/sessions', 'Content-Type: application/json\r\nContent-Length: 1000\r\n', key)}{`;
const upload = (key?: string) =>
  post('/v1/avatars', 'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n', key);

function expectTimeout(response: string): void {
  expect(response).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(response).toMatch(/\r\nConnection: close\r\n/i);
  expect(response).toMatch(/\r\nRateLimit: "requests";r=\d+;t=\d+/i);
  const id = /\r\nX-Request-Id: (req_\w+)\r\n/i.exec(response)?.[1];
  const { error } = JSON.parse(response.split('\r\n\r\n')[1] ?? '') as { error: Record<string, unknown> };
  expect(error).toEqual({
    type: 'invalid_request',
    code: 'request.timeout',
    message: expect.stringMatching(/did not arrive in time/),
    param: null,
    request_id: id,
  });
}

describe('a request that does not arrive in time gets a 408, and the connection is closed', () => {
  test.each([
    ['half a request line', 'GET /v1/ses'],
    ['half of the headers', `GET /v1/sessions HTTP/1.1\r\n${HOST}X-Half: `],
  ])('%s', async (_name, bytes) => {
    expectTimeout(await (await opened(impatient.url, bytes)).closed);
  });

  test('half of the headers on a reused connection', async () => {
    const connection = await opened(impatient.url, `GET /healthz HTTP/1.1\r\n${HOST}\r\n`);
    await until(async () => connection.received().endsWith('ok\n'));
    connection.socket.write(`GET /healthz HTTP/1.1\r\n${HOST}`);
    const response = await connection.closed;
    expectTimeout(response.slice(response.indexOf('ok\n') + 'ok\n'.length));
  });

  test('half of a body', async () => {
    expectTimeout(await (await opened(impatient.url, create())).closed);
  });

  test('half of a form', async () => {
    const bytes = '\r\n5\r\n--b\r\n\r\n';
    expectTimeout(await (await opened(impatient.url, `${upload().trimEnd()}\r\n${bytes}`)).closed);
  });

  test('a body that arrives byte by byte at a steady rate', async () => {
    const connection = await opened(impatient.url, create());
    const trickle = setInterval(() => connection.socket.write(' '), 50);
    try {
      expectTimeout(await connection.closed);
    } finally {
      clearInterval(trickle);
    }
  });
});

test('a long form at the minimum rate is read completely, with more time than a short one', async () => {
  const connection = await opened(impatient.url, upload());
  const chunk = (text: string) => connection.socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
  chunk('--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n');
  const began = performance.now();
  while (performance.now() - began < 1_200) {
    chunk('x'.repeat(200_000));
    await delay(50);
  }
  chunk('\r\n--b--\r\n');
  connection.socket.write('0\r\n\r\n');
  // The file is not an image.
  await until(async () => connection.received().startsWith('HTTP/1.1 422 '));
});

test('a body that is still being sent long after its rejection causes no second response', async () => {
  const connection = await opened(
    impatient.url,
    post('/v1/sessions', 'Content-Type: text/plain\r\nContent-Length: 1000\r\n'),
  );
  const response = await connection.closed;
  expect(response).toMatch(/^HTTP\/1\.1 415 /);
  expect(response.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

describe('a connection that was opened in advance', () => {
  test('is closed without a response when it sends nothing', async () => {
    expect(await (await opened(impatient.url)).closed).toBe('');
  });
});

test('an idle connection outlives the 75 s of a proxy, and the time for headers is within the time for a request', async () => {
  const { headers } = await server.request('/v1/limits');
  expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(75);
  expect(CLIENT_TIMEOUTS.headersMs).toBeLessThanOrEqual(CLIENT_TIMEOUTS.requestMs);
  expect(CLIENT_TIMEOUTS.requestMs).toBe(30_000);
});

test('an idle connection stays open after the time for headers and bodies', async () => {
  const request = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
  const kept = await opened(impatient.url, request);
  await until(async () => kept.received().endsWith('ok\n'));
  // Once a later, silent connection is closed, the time for headers has also passed for the idle one.
  await (
    await opened(impatient.url)
  ).closed;
  kept.socket.write(request);
  await until(async () => kept.received().match(/ok\n/g)?.length === 2);
});

test('stalled bodies take no capacity from any organisation, including their own', async () => {
  const narrow = await server.another({ maxInFlight: 4 });
  await Promise.all(Array.from({ length: 50 }, () => opened(narrow.url, create())));
  const other = await server.createOrg({ id: 'other' });
  for (const key of [other.test, server.keys.test]) {
    for (let turn = 0; turn < 5; turn += 1) {
      await until(async () => (await narrow.request('/v1/sessions', { key })).ok);
    }
  }
  expect((await postSession(narrow)).status).toBe(201);
});

test('the connection of a client that does not read is destroyed while a response is pending', async () => {
  const connection = await opened(impatient.url);
  connection.socket.pause();
  connection.socket.write(MANY);
  // Sends part of a request, never a whole one, to detect that the server has closed the connection.
  const feed = setInterval(() => connection.socket.write('G'), 100);
  try {
    await until(async () => connection.socket.destroyed || connection.socket.errored !== null, 20_000);
  } finally {
    clearInterval(feed);
  }
});

test('the connection of a client that reads too slowly, at a steady rate, is destroyed', async () => {
  const readMs = 4_000;
  const patient = await server.another({ clientTimeouts: { ...CLIENT_TIMEOUTS, readMs } });
  const { socket } = await opened(patient.url, MANY);
  socket.pause();
  socket.removeAllListeners('data');
  // 32 KiB/s, below the minimum of 40 KiB/s. Bytes move several times within the time for reading.
  const trickle = setInterval(() => {
    socket.read(1_600);
    socket.write('G');
  }, 50);
  try {
    await until(() => socket.destroyed || socket.errored !== null, 10 * readMs);
  } finally {
    clearInterval(trickle);
  }
}, 60_000);

test('a client that reads a long response at the minimum rate gets all of it', async () => {
  const connection = await opened(impatient.url);
  const { socket } = connection;
  socket.pause();
  socket.write(MANY);
  const trickle = setInterval(() => {
    socket.resume();
    setTimeout(() => socket.pause(), 5);
  }, 30);
  try {
    await until(() => connection.received().match(/HTTP\/1\.1 200/g)?.length === MAX_PIPELINED, 60_000);
  } finally {
    clearInterval(trickle);
  }
}, 90_000);

test('pipelined requests get responses in order, and too many close their connection', async () => {
  const several = (count: number) => `GET /v1/sessions HTTP/1.1\r\n${HOST}\r\n`.repeat(count);
  const modest = await opened(server.url, several(MAX_PIPELINED));
  await until(async () => modest.received().match(/HTTP\/1\.1 401/g)?.length === MAX_PIPELINED);
  modest.socket.write(several(1));
  await until(async () => modest.received().match(/HTTP\/1\.1 401/g)?.length === MAX_PIPELINED + 1);
  const greedy = await opened(server.url, several(2_000));
  expect((await greedy.closed).match(/HTTP\/1\.1 401/g)?.length ?? 0).toBeLessThan(MAX_PIPELINED);
});

test('idle connections beyond the limit are closed for new ones', async () => {
  const narrow = await server.another({ maxConnections: 10 });
  const idle = await Promise.all(Array.from({ length: 10 }, () => opened(narrow.url)));
  await until(async () => (await narrow.request('/v1/limits').catch(() => null))?.status === 200);
  await Promise.all(idle.map(({ closed }) => closed));
});

test('a request is rejected when its organisation is suspended before its body has arrived', async () => {
  const keys = await server.createOrg({ id: 'late-payer' });
  const body = JSON.stringify(await sessionCreate());
  const head = post(
    '/v1/sessions',
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n`,
    keys.test,
  );
  const connection = await opened(server.url, head);
  // The server reads the body.
  await until(() => connection.received().includes('100 Continue'));
  const org = await findOrg(server.database, 'late-payer');
  if (org === null) throw new Error('There is no such organisation');
  const suspension = {
    seen: org,
    changes: { suspendedAt: new Date() },
    action: 'organisation.suspend',
  } as const;
  expect(await updateOrg(server.database, suspension, SYSTEM)).not.toBeNull();
  await until(async () => (await server.request('/v1/sessions', { key: keys.test })).status === 403);
  connection.socket.write(body);
  expect(await connection.closed).toMatch(/HTTP\/1\.1 403 Forbidden[^]*"organisation\.suspended"/);
});
