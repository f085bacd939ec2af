import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';

import { postAvatar } from '../harness/avatars.ts';
import { lockHolder, untilBlocked } from '../harness/connections.ts';
import { errorOf } from '../harness/error-response.ts';
import { holdCreates } from '../harness/hold-creates.ts';
import { rawConnection } from '../harness/raw-connection.ts';
import { createSession, endSession, postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerWorker } from '../harness/worker.ts';

let server: TestServer;
let other: { test: string };

beforeAll(async () => {
  server = await startTestServer();
  other = await server.createOrg({ id: 'other' });
});
afterAll(() => server.close());

const AT_CAPACITY = { status: 503, code: 'at_capacity', param: null };

test('one organisation uses at most a quarter of the capacity, with any number of keys', async () => {
  const narrow = await server.another({ maxInFlight: 8 });
  const { secret } = await narrow.createKey();
  const hold = await holdCreates(narrow);
  const held = [postSession(narrow), postSession(narrow)];
  await until(hold.waiting);

  for (const key of [server.keys.test, secret]) {
    let refused: Response | undefined;
    await until(async () => {
      refused = await narrow.request('/v1/limits', { key });
      return !refused.ok;
    });
    if (refused === undefined) throw new Error('No request was rejected');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await errorOf(refused)).toEqual(AT_CAPACITY);
  }
  expect((await narrow.request('/v1/limits', { key: other.test })).status).toBe(200);
  expect((await narrow.request('/v1/status', { key: null })).status).toBe(200);

  await hold.release();
  for (const response of await Promise.all(held)) expect(response.status).toBe(201);
  await until(async () => (await narrow.request('/v1/limits')).ok);
});

test('requests of one organisation that wait for a lock leave database connections for others', async () => {
  const hold = await holdCreates(server);
  const held = Array.from({ length: 40 }, () => postSession(server));
  await until(hold.waiting);
  for (let count = 0; count < 5; count += 1) {
    expect((await server.request('/v1/sessions', { key: other.test })).status).toBe(200);
  }
  await hold.release();
  for (const response of await Promise.all(held)) expect([201, 503]).toContain(response.status);
  await until(async () => (await server.request('/v1/limits')).ok);
});

test('ends of one organisation that wait for a lock leave database connections for the ends of others', async () => {
  const { id } = await createSession(server);
  const others = await Promise.all(Array.from({ length: 5 }, () => createSession(server, {}, other.test)));
  const holder = await lockHolder(server);
  await holder.query('SELECT FROM assignments WHERE id = $1 FOR UPDATE', [id]);
  const held = Array.from({ length: 40 }, () => endSession(server, id));
  await untilBlocked(holder);
  for (const session of others) {
    expect((await endSession(server, session.id, other.test)).status).toBe(200);
  }
  await holder.query('COMMIT');
  await holder.end();
  for (const response of await Promise.all(held)) expect([200, 503]).toContain(response.status);
});

test('requests of workers that wait for a lock leave database connections for customers', async () => {
  const worker = await registerWorker(server);
  const holder = await lockHolder(server);
  await holder.query('LOCK TABLE workers IN ACCESS EXCLUSIVE MODE');
  const claims = Array.from({ length: 40 }, () =>
    server.request(`/internal/v1/workers/${worker.id}/claim`, {
      method: 'POST',
      key: server.keys.worker,
      json: { wait_seconds: 0 },
    }),
  );
  await untilBlocked(holder);
  for (let count = 0; count < 5; count += 1) {
    expect((await server.request('/v1/sessions', { key: other.test })).status).toBe(200);
  }
  await holder.query('COMMIT');
  await holder.end();
  for (const response of await Promise.all(claims)) expect([200, 204, 503]).toContain(response.status);
});

test.each([
  ['one address', () => '198.51.100.1'],
  ['many addresses', (count: number) => `198.51.100.${count}`],
])('waiting look-ups of invented keys from %s leave connections for known keys', async (_name, addressOf) => {
  const proxied = await server.another({ trustProxy: true });
  expect((await proxied.request('/v1/sessions', { key: other.test })).status).toBe(200);
  const client = new pg.Client({ connectionString: server.databaseUrl, application_name: 'greenroom-test' });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE');
  const invented = Array.from({ length: 40 }, (_, count) =>
    proxied.request('/v1/sessions', {
      key: `sk_test_${randomBytes(32).toString('base64url')}`,
      headers: { 'X-Forwarded-For': addressOf(count + 1) },
    }),
  );
  await untilBlocked(client);
  for (let count = 0; count < 5; count += 1) {
    expect((await proxied.request('/v1/sessions', { key: other.test })).status).toBe(200);
  }
  await client.query('COMMIT');
  await client.end();
  for (const response of await Promise.all(invented)) expect([401, 503]).toContain(response.status);
});

test('stalled uploads of one organisation do not block the uploads of others', async () => {
  const start = Buffer.concat([
    Buffer.from(
      `POST /v1/avatars HTTP/1.1\r\nHost: greenroom\r\nAuthorization: Bearer ${server.keys.test}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000000\r\n\r\n' +
        '--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n',
    ),
    randomBytes(9_500_000),
  ]);
  const uploads = await Promise.all(Array.from({ length: 6 }, () => rawConnection(server.url)));
  await Promise.all(uploads.map(({ socket }) => new Promise((resolve) => socket.write(start, resolve))));
  // A rejection shows that the share is used up.
  const isRefused = () => uploads.some((each) => each.received().startsWith('HTTP/1.1 503 '));
  await until(async () => isRefused());

  expect((await postAvatar(server, {}, { key: other.test })).status).toBe(202);

  for (const { socket } of uploads) {
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
  }
  await until(async () => (await postAvatar(server)).status === 202);
});
