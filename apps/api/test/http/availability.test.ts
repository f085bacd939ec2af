import { openDatabase, type Database } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { breakableConnection, type BreakableConnection } from '../harness/breakable-connection.ts';
import { errorOf } from '../harness/error-response.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let connection: BreakableConnection;
let database: Database;
/** A server with a connection to its database that can be cut. */
let fragile: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  connection = await breakableConnection(server.databaseUrl);
  database = openDatabase(connection.url, { poolSize: 5, applicationName: 'greenroom-fragile' });
  fragile = await server.another({ database, databaseUrl: connection.url });
});
afterAll(async () => {
  await connection.restore().catch(() => undefined);
  await fragile.close();
  await database.close();
  await connection.close();
  await server.close();
});

const UNAVAILABLE = { status: 503, code: 'database.unavailable', param: null };

describe('while the database cannot be reached', () => {
  beforeAll(async () => {
    await fragile.request('/v1/sessions');
    await connection.cut();
  });
  afterAll(() => connection.restore());

  test.each([
    ['GET', '/v1/sessions'],
    ['GET', '/v1/limits'],
    ['GET', '/v1/avatars'],
    ['GET', '/v1/usage'],
    ['GET', '/v1/api_keys'],
    ['POST', '/v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE/end'],
  ])('%s %s is 503 with a Retry-After', async (method, path) => {
    const response = await fragile.request(path, { method });
    expect(await errorOf(response)).toEqual(UNAVAILABLE);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  test('a create is 503', async () => {
    expect(await errorOf(await postSession(fragile))).toEqual(UNAVAILABLE);
  });

  test('the status reports it with a 200', async () => {
    const response = await fragile.request('/v1/status', { key: null });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'outage' });
  });

  test('/healthz stays 200 and /readyz is 503 while the process runs but cannot serve', async () => {
    expect((await fetch(new URL('/healthz', fragile.url))).status).toBe(200);
    expect(await errorOf(await fetch(new URL('/readyz', fragile.url)))).toEqual(UNAVAILABLE);
  });
});

test('the server serves again without a restart once the database can be reached', async () => {
  await until(async () => (await fetch(new URL('/readyz', fragile.url))).status === 200);
  await until(async () => (await fragile.request('/v1/sessions')).status === 200);
  expect((await postSession(fragile)).status).toBe(201);
});

describe('a server at its capacity', () => {
  test('responds 503 with a Retry-After, and stays healthy', async () => {
    const full = await server.another({ maxInFlight: 0 });
    const response = await full.request('/v1/sessions');
    expect(await errorOf(response)).toEqual({ status: 503, code: 'at_capacity', param: null });
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await fetch(new URL('/healthz', full.url))).status).toBe(200);
    expect((await fetch(new URL('/readyz', full.url))).status).toBe(200);
    await full.close();
  });

  test('serves the next request when the previous one has ended', async () => {
    const narrow = await server.another({ maxInFlight: 1 });
    for (let count = 0; count < 5; count += 1) {
      expect((await narrow.request('/v1/sessions')).status).toBe(200);
    }
    await narrow.close();
  });
});
