import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';

import { listen, type Listener } from './notifications.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

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
  await untilDisconnected();
});

test('nothing stays connected where listening fails after connecting', async () => {
  await listener.close();
  const options = { onNotification: fail, onConnect: fail, onDisconnect: fail };
  // PostgreSQL accepts no name without characters.
  await expect(
    listen(database.url, { ...options, applicationName: APPLICATION, channels: [''] }),
  ).rejects.toThrow('zero-length');
  await untilDisconnected();
});

function fail(): void {
  throw new Error('Nothing was to be heard');
}

/** The server ends its side a moment after the client has gone. */
function untilDisconnected(): Promise<void> {
  return until(async () => {
    const sql = 'SELECT FROM pg_stat_activity WHERE application_name = $1';
    return (await query(database.url, sql, [APPLICATION])).length === 0;
  });
}

test('memory stays flat over thousands of checks of the connection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let beats = 0;
  // Counted without a spy, which would keep every call.
  const originalQuery = Reflect.get(pg.Client.prototype, 'query') as (...parameters: unknown[]) => unknown;
  Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...parameters: unknown[]) {
    if (parameters[0] === 'SELECT 1') beats += 1;
    return Reflect.apply(originalQuery, this, parameters);
  });
  const quick = await listen(database.url, {
    applicationName: APPLICATION,
    channels: [],
    heartbeatMs: 1,
    onNotification: () => undefined,
    onConnect: () => undefined,
    onDisconnect: () => undefined,
  });
  const bytesAfter = async (count: number): Promise<number> => {
    await until(() => beats >= count);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const early = await bytesAfter(1_000);
  const late = await bytesAfter(6_000);
  await quick.close();
  Reflect.set(pg.Client.prototype, 'query', originalQuery);
  // What each check leaves behind, if it leaves anything, is some hundred bytes.
  expect((late - early) / 5_000).toBeLessThan(200);
}, 120_000);
