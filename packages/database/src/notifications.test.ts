import { setImmediate as immediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';

import { subscribe, type Subscription } from './notifications.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

const APPLICATION = 'greenroom-notifications-test';

let database: TestDatabase;
let subscription: Subscription;
let received: string[];
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  received = [];
  subscription = await subscribe(database.url, {
    applicationName: APPLICATION,
    channels: ['sessions', 'Api Keys'],
    onNotification: (channel, payload) => received.push(`${channel}: ${payload}`),
    onConnect: () => received.push('connected'),
    onDisconnect: () => received.push('disconnected'),
  });
});
afterEach(async () => {
  await subscription.close();
  await database.drop();
});

const notify = (channel: string, payload: string): Promise<unknown> =>
  query(database.url, 'SELECT pg_notify($1, $2)', [channel, payload]);

const cutOff = (): Promise<unknown> =>
  query(database.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    APPLICATION,
  ]);

test('only notifications on the subscribed channels are received', async () => {
  await notify('avatars', 'no');
  await notify('sessions', 'one');
  await notify('Api Keys', 'two');
  await until(() => received.includes('Api Keys: two'));
  expect(received).toEqual(['connected', 'sessions: one', 'Api Keys: two']);
});

test('a broken connection is replaced, and both callbacks run', async () => {
  await cutOff();
  await until(() => received.length === 3);
  expect(subscription.isConnected()).toBe(true);
  await notify('sessions', 'after');
  await until(() => received.includes('sessions: after'));
  expect(received).toEqual(['connected', 'disconnected', 'connected', 'sessions: after']);
});

test('a process that was busy for a while stays connected', async () => {
  // Each time longer than a heartbeat, so that responses arrive while the process is busy.
  for (let count = 0; count < 4; count += 1) {
    const busyUntil = performance.now() + 600;
    while (performance.now() < busyUntil);
    await immediate();
  }
  await notify('sessions', 'after');
  await until(() => received.includes('sessions: after'));
  expect(received).toEqual(['connected', 'sessions: after']);
});

test('closing while reconnecting leaves no connection', async () => {
  await cutOff();
  await until(() => received.includes('disconnected'));
  await subscription.close();
  expect(subscription.isConnected()).toBe(false);
  await untilDisconnected();
});

test('a failure to listen leaves no connection', async () => {
  await subscription.close();
  const options = { onNotification: fail, onConnect: fail, onDisconnect: fail };
  // PostgreSQL rejects an empty channel name.
  await expect(
    subscribe(database.url, { ...options, applicationName: APPLICATION, channels: [''] }),
  ).rejects.toThrow('zero-length');
  await untilDisconnected();
});

function fail(): void {
  throw new Error('Unexpected callback');
}

/** The server closes its side shortly after the client. */
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
  // Counted without a spy, which would retain every call.
  const originalQuery = Reflect.get(pg.Client.prototype, 'query') as (...parameters: unknown[]) => unknown;
  Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...parameters: unknown[]) {
    if (parameters[0] === 'SELECT 1') beats += 1;
    return Reflect.apply(originalQuery, this, parameters);
  });
  const quick = await subscribe(database.url, {
    applicationName: APPLICATION,
    channels: [],
    heartbeatMs: 1,
    onNotification: () => undefined,
    onConnect: () => undefined,
    onDisconnect: () => undefined,
  });
  const bytesAfter = async (count: number): Promise<number> => {
    await until(() => beats >= count, 60_000);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const early = await bytesAfter(1_000);
  const late = await bytesAfter(6_000);
  await quick.close();
  Reflect.set(pg.Client.prototype, 'query', originalQuery);
  // A leak would be some hundred bytes per check.
  expect((late - early) / 5_000).toBeLessThan(200);
}, 120_000);
