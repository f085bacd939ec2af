import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { listen, type Listener } from './notifications.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';
import { until } from './testing/until.ts';

const APPLICATION = 'greenroom-notifications-test';

let database: TestDatabase;
let listener: Listener;
let heard: string[];
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  heard = [];
  listener = await listen(database.url, {
    applicationName: APPLICATION,
    channels: ['sessions', 'Api Keys'],
    onNotification: (channel, payload) => heard.push(`${channel}: ${payload}`),
    onConnect: () => heard.push('connected'),
    onDisconnect: () => heard.push('disconnected'),
  });
});
afterEach(async () => {
  await listener.close();
  await database.drop();
});

const notify = (channel: string, payload: string): Promise<unknown> =>
  query(database.url, 'SELECT pg_notify($1, $2)', [channel, payload]);

const cutOff = (): Promise<unknown> =>
  query(database.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    APPLICATION,
  ]);

test('what is sent on the channels is heard, and nothing else', async () => {
  await notify('avatars', 'no');
  await notify('sessions', 'one');
  await notify('Api Keys', 'two');
  await until(() => heard.includes('Api Keys: two'));
  expect(heard).toEqual(['connected', 'sessions: one', 'Api Keys: two']);
});

test('a connection that was cut off is replaced, and its owner is told of both', async () => {
  await cutOff();
  await until(() => heard.length === 3);
  expect(listener.isConnected()).toBe(true);
  await notify('sessions', 'after');
  await until(() => heard.includes('sessions: after'));
  expect(heard).toEqual(['connected', 'disconnected', 'connected', 'sessions: after']);
});

test('a process that was too busy to listen for a while is still connected', async () => {
  // Each time longer than a heartbeat, so that some answer comes while nobody looks.
  for (let count = 0; count < 4; count += 1) {
    const busyUntil = performance.now() + 600;
    while (performance.now() < busyUntil);
    await turn();
  }
  await notify('sessions', 'after');
  await until(() => heard.includes('sessions: after'));
  expect(heard).toEqual(['connected', 'sessions: after']);
});

test('nothing stays connected after closing, also in the middle of coming back', async () => {
  await cutOff();
  await until(() => heard.includes('disconnected'));
  await listener.close();
  expect(listener.isConnected()).toBe(false);
  const connections = await query(database.url, 'SELECT FROM pg_stat_activity WHERE application_name = $1', [
    APPLICATION,
  ]);
  expect(connections).toEqual([]);
});
