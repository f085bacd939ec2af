import { openDatabase, type Database } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { breakableConnection, type BreakableConnection } from '../harness/breakable-connection.ts';
import { lockHolder } from '../harness/connections.ts';
import { errorOf } from '../harness/error-response.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

/** A caller gets a response within five seconds; the rest is tolerance for a busy machine. */
const RESPONSE_MS = 10_000;
/** Large enough for several requests of one caller at once. */
const POOL_SIZE = 16;
/** Longer than all deadlines of a stop together. */
const STOP_MS = 25_000;
/** Longer than the server relies on a failed write or a probe. */
const QUIET_MS = 3_000;

let server: TestServer;
let connection: BreakableConnection;
let database: Database;
/** A server whose connection to the database can fail. */
let fragile: TestServer;

beforeEach(async () => {
  server = await startTestServer();
  connection = await breakableConnection(server.databaseUrl);
  database = openDatabase(connection.url, { poolSize: POOL_SIZE, applicationName: 'greenroom-fragile' });
  fragile = await server.another({ database, databaseUrl: connection.url });
  // Fills the pool, and the cache of keys.
  await Promise.all(Array.from({ length: POOL_SIZE }, () => fragile.request('/v1/sessions')));
});
afterEach(async () => {
  await connection.restore();
  await fragile.close();
  await database.close();
  await connection.close();
  await server.close();
});

const UNAVAILABLE = { status: 503, code: 'database.unavailable', param: null };

async function expectUnavailable(response: Promise<Response>): Promise<void> {
  const startedAtMs = performance.now();
  const settled = await response;
  expect(Number(settled.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(await errorOf(settled)).toEqual(UNAVAILABLE);
  expect(performance.now() - startedAtMs).toBeLessThan(RESPONSE_MS);
}

const isReady = async (): Promise<boolean> => (await fetch(new URL('/readyz', fragile.url))).status === 200;

async function databaseStatus(): Promise<string | undefined> {
  const response = await fragile.request('/v1/status', { key: null });
  const { components } = (await response.json()) as { components: { name: string; status: string }[] };
  return components.find(({ name }) => name === 'database')?.status;
}

async function expectRecovery(): Promise<void> {
  await until(isReady);
  await until(async () => (await postSession(fragile)).status === 201);
  await until(async () => (await databaseStatus()) === 'operational');
}

describe('a database whose open connections do not respond', () => {
  test('causes a 503 in bounded time, and is used again over new connections', async () => {
    connection.silence({ newToo: false });
    await expectUnavailable(postSession(fragile));
    await expectRecovery();
  });
});

describe('a database that is silent on every connection', () => {
  test('causes a 503 for reads and writes, and is used again without a restart', async () => {
    connection.silence({ newToo: true });
    await Promise.all([
      expectUnavailable(fragile.request('/v1/sessions')),
      expectUnavailable(fragile.request('/v1/usage')),
      expectUnavailable(postSession(fragile)),
    ]);
    await until(async () => !(await isReady()));
    await until(async () => (await databaseStatus()) === 'outage');
    await connection.restore();
    await expectRecovery();
  });

  test('causes an error that calls the outcome of a write unknown, and says that a read changed nothing', async () => {
    connection.silence({ newToo: false });
    const written = await refusalMessage(postSession(fragile));
    expect(written).toContain('The outcome is unknown');
    connection.silence({ newToo: true });
    expect(await refusalMessage(fragile.request('/v1/sessions'))).toContain('Nothing was changed');
  });

  test('does not prevent the server from stopping', async () => {
    const other = await server.another({ database, databaseUrl: connection.url });
    connection.silence({ newToo: true });
    const hanging = other.request('/v1/sessions').catch(() => undefined);
    const startedAtMs = performance.now();
    await other.close();
    await hanging;
    expect(performance.now() - startedAtMs).toBeLessThan(STOP_MS);
  });
});

describe('a database that has become read-only, as after a failover to a standby', () => {
  const setReadOnly = async (setting: string): Promise<void> => {
    const { rows } = await server.database.pool.query<{ name: string }>('SELECT current_database() AS name');
    await server.database.pool.query(`ALTER DATABASE ${rows[0]?.name ?? ''} ${setting}`);
    await server.database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'greenroom-fragile'`,
    );
  };

  test('causes a 503 for writes and /readyz until it recovers, without a restart', async () => {
    await setReadOnly('SET default_transaction_read_only = on');
    await until(async () => !(await isReady()));
    await expectUnavailable(postSession(fragile));
    await until(async () => (await databaseStatus()) === 'outage');
    await setReadOnly('RESET default_transaction_read_only');
    await expectRecovery();
  });
});

describe('a database without space', () => {
  test('causes a 503 for writes and /readyz but not for reads, until it recovers, without a restart', async () => {
    const { pool } = server.database;
    await pool.query(
      `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`,
    );
    await pool.query('CREATE TRIGGER disk_full BEFORE INSERT ON sessions EXECUTE FUNCTION disk_full()');
    await pool.query(
      `CREATE FUNCTION new_file_on_full_disk() RETURNS event_trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`,
    );
    await pool.query(
      `CREATE EVENT TRIGGER disk_full ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS')
         EXECUTE FUNCTION new_file_on_full_disk()`,
    );
    await expectUnavailable(postSession(fragile));
    expect(await isReady()).toBe(false);
    expect(await databaseStatus()).toBe('outage');
    expect((await fragile.request('/v1/sessions')).status).toBe(200);
    // /readyz must stay 503 without further failing writes, as there are none without traffic.
    for (const startedAtMs = performance.now(); performance.now() - startedAtMs < QUIET_MS;) {
      expect(await isReady()).toBe(false);
    }
    await pool.query('DROP EVENT TRIGGER disk_full');
    await pool.query('DROP TRIGGER disk_full ON sessions');
    await expectRecovery();
  });
});

describe('a lock that another transaction does not release', () => {
  test('causes a 503 after a bounded wait', async () => {
    const client = await lockHolder(server);
    try {
      await client.query('LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
      await expectUnavailable(postSession(fragile));
    } finally {
      await client.end();
    }
    await expectRecovery();
  });
});

async function refusalMessage(response: Promise<Response>): Promise<string> {
  const { error } = (await (await response).json()) as { error: { message: string } };
  return error.message;
}
