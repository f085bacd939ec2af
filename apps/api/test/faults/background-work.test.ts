import { openDatabase, type Database } from '@greenroom/database';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';

import { PeriodicTasks } from '../../src/background/periodic-tasks.ts';
import { readyAvatar } from '../harness/avatars.ts';
import { breakableConnection, type BreakableConnection } from '../harness/breakable-connection.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let connection: BreakableConnection;
let database: Database;
/** A server whose connection to the database can fail. Jest fails a test with an unhandled rejection. */
let fragile: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  connection = await breakableConnection(server.databaseUrl);
  database = openDatabase(connection.url, { poolSize: 5, applicationName: 'greenroom-fragile' });
  fragile = await server.another({ database, databaseUrl: connection.url });
});
afterAll(async () => {
  await connection.restore();
  await fragile.close();
  await database.close();
  await connection.close();
  await server.close();
});

async function dispatchStatus(): Promise<string | undefined> {
  const response = await fragile.request('/v1/status', { key: null });
  const { components } = (await response.json()) as { components: { name: string; status: string }[] };
  return components.find(({ name }) => name === 'dispatch')?.status;
}

test.each([
  ['is cut off', () => connection.cut()],
  [
    'is silent',
    () => {
      connection.silence({ newToo: true });
      return Promise.resolve();
    },
  ],
])('a database that %s stops dispatch, and jobs are run again without a restart', async (_name, begin) => {
  await until(async () => (await dispatchStatus()) === 'operational');
  await begin();
  await until(async () => (await dispatchStatus()) === 'outage');
  await connection.restore();
  await until(async () => (await dispatchStatus()) === 'operational');
  expect((await readyAvatar(fragile)).status).toBe('ready');
});

test('a periodic task that fails is logged and runs again', async () => {
  let runs = 0;
  const lines: string[] = [];
  const log = pino(
    { level: 'warn' },
    {
      write(line: string) {
        lines.push(line);
      },
    },
  );
  const states: boolean[] = [];
  const run = (): Promise<void> => {
    runs += 1;
    states.push(tasks.isHealthy);
    return runs === 1 ? Promise.reject(new Error('no database')) : Promise.resolve();
  };
  const tasks = new PeriodicTasks([{ name: 'sweep', everyMs: 5, run }], log);
  tasks.start();
  await until(() => runs >= 3);
  await tasks.stop();
  expect(states.slice(0, 3)).toEqual([true, false, true]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('no database');
});

test('a failing sweep of sessions shows in /readyz and in the status', async () => {
  const readiness = async () => (await fetch(new URL('/readyz', fragile.url))).text();
  await until(async () => (await readiness()) === 'ready\n');
  await server.database.pool.query('ALTER TABLE assignments RENAME COLUMN deadline_at TO deadline_at_lost');
  try {
    await until(async () => (await readiness()).includes('background work'));
    await until(async () => (await dispatchStatus()) === 'outage');
  } finally {
    await server.database.pool.query('ALTER TABLE assignments RENAME COLUMN deadline_at_lost TO deadline_at');
  }
  await until(async () => (await dispatchStatus()) === 'operational');
  expect(await readiness()).toBe('ready\n');
});
