import { once } from 'node:events';
import { connect } from 'node:net';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { holdCreates } from '../harness/hold-creates.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
/** The server that each test stops. */
let stopping: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  stopping = await server.another();
});
afterEach(() => stopping.close());
afterAll(() => server.close());

test('a stopping server finishes requests in progress', async () => {
  const hold = await holdCreates(server);
  const created = postSession(stopping);
  await until(hold.waiting);
  let closed = false;
  const closing = stopping.close().then(() => {
    closed = true;
  });
  await expect(fetch(new URL('/healthz', stopping.url))).rejects.toThrow();
  expect(closed).toBe(false);
  await hold.release();

  const response = await created;
  expect(response.status).toBe(201);
  const { id } = (await response.json()) as { id: string };
  expect((await server.request(`/v1/sessions/${id}`)).status).toBe(200);
  await closing;
});

test('an idle keep-alive connection does not delay the stop', async () => {
  const hold = await holdCreates(server);
  const created = postSession(stopping);
  await until(hold.waiting);
  const closing = stopping.close();
  await hold.release();
  expect((await created).headers.get('connection')).toBe('keep-alive');
  const respondedAt = performance.now();
  await closing;
  // The server gives requests in progress ten seconds, and Node keeps the connection for longer.
  expect(performance.now() - respondedAt).toBeLessThan(9_000);
});

test('a stopping server rejects requests on open connections with a Retry-After', async () => {
  const { hostname, port } = new URL(stopping.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `GET /v1/sessions HTTP/1.1\r\nHost: greenroom\r\nAuthorization: Bearer ${stopping.keys.test}\r\n`,
  );
  // The server has received these bytes once it has responded to a later request.
  await fetch(new URL('/healthz', stopping.url), { headers: { Connection: 'close' } });

  const closing = stopping.close();
  socket.write('\r\n');
  let response = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (response += chunk));
  await once(socket, 'close');
  expect(response).toMatch(/^HTTP\/1\.1 503 /);
  expect(response).toMatch(/\r\nRetry-After: 1\r\n/i);
  expect(response).toMatch(/\r\nConnection: close\r\n/i);
  expect(response).toMatch(/\r\nRateLimit: "requests";r=\d+;t=\d+\r\n/i);
  expect(response).toMatch(/\r\nRateLimit-Policy: "requests";q=\d+;w=5\r\n/i);
  expect(response).toContain('"code":"draining"');
  await closing;
});

test('a stopped server has no database connections', async () => {
  await stopping.request('/v1/sessions');
  const listeners = async () => {
    const { rows } = await server.database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'greenroom-api'`,
    );
    return rows[0]?.count;
  };
  // PostgreSQL takes a moment to end closed connections, such as those of the previously stopped server.
  await until(async () => (await listeners()) === 2);
  await stopping.close();
  await until(async () => (await listeners()) === 1);
});
