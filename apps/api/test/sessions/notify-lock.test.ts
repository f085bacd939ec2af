import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';

import { createSession, endSession, getSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let listener: pg.Client;
let heard: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 1 } });
  listener = new pg.Client({ connectionString: server.databaseUrl, application_name: 'greenroom-test' });
  await listener.connect();
  listener.on('notification', ({ channel }) => heard.push(channel));
  await listener.query('LISTEN "jobs:insert"');
  await listener.query('LISTEN test_end');
});
afterAll(async () => {
  await listener.end();
  await server.close();
});

async function createAndEnd(): Promise<void> {
  const sessions = await Promise.all(Array.from({ length: 30 }, () => createSession(server)));
  const [kept, ...others] = sessions;
  await Promise.all(others.map(({ id }) => endSession(server, id)));
  await until(async () => (await getSession(server, kept?.id ?? '')).status === 'failed');
}

test('creates and transitions of sessions schedule no job, whose notification would serialise commits', async () => {
  const runs: string[][] = [];
  // At a full minute, the server schedules its recurring jobs.
  while (runs.length < 3 && !runs.some((channels) => channels.length === 1)) {
    heard = [];
    await createAndEnd();
    await server.database.pool.query('NOTIFY test_end');
    await until(() => heard.includes('test_end'));
    runs.push(heard);
  }
  expect(runs).toContainEqual(['test_end']);
});
