import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { CallerConcurrency } from './caller-concurrency.ts';

function track(concurrency: CallerConcurrency, caller: string) {
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const start = (index: number) =>
    concurrency.run(caller, async () => {
      started.push(index);
      await new Promise<void>((resolve) => finish.push(resolve));
    });
  return { started, finish, start };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a caller runs one request per slot, and queues the others in order', async () => {
  const { started, finish, start } = track(new CallerConcurrency(2), 'a');
  const runs = [0, 1, 2, 3].map(start);
  await settled();
  expect(started).toEqual([0, 1]);
  finish[0]?.();
  await runs[0];
  await settled();
  expect(started).toEqual([0, 1, 2]);
  finish[1]?.();
  finish[2]?.();
  await settled();
  finish[3]?.();
  await Promise.all(runs);
  expect(started).toEqual([0, 1, 2, 3]);
});

test('callers do not wait for each other', async () => {
  const concurrency = new CallerConcurrency(1);
  const { finish, start } = track(concurrency, 'a');
  const busy = start(0);
  expect(await concurrency.run('b', () => Promise.resolve('done'))).toBe('done');
  finish[0]?.();
  await busy;
});

test('a caller has two slots while another is active, and more again when it is alone', async () => {
  const concurrency = new CallerConcurrency(4);
  const other = track(concurrency, 'b');
  const busy = other.start(0);
  const { started, finish, start } = track(concurrency, 'a');
  const runs = [0, 1, 2, 3, 4].map(start);
  await settled();
  expect(started).toEqual([0, 1]);
  other.finish[0]?.();
  await busy;
  await settled();
  expect(started).toEqual([0, 1, 2, 3]);
  while (started.length < runs.length || finish.length > 0) {
    finish.shift()?.();
    await settled();
  }
  await Promise.all(runs);
});

test('a slot is released after a failure and during a pause', async () => {
  const concurrency = new CallerConcurrency(1);
  await expect(concurrency.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const order: string[] = [];
  await concurrency.run('a', async (pause) => {
    await pause(() =>
      concurrency.run('a', () => {
        order.push('another');
        return Promise.resolve();
      }),
    );
    order.push('first');
  });
  expect(order).toEqual(['another', 'first']);
});

test('a request that waits too long for a slot is rejected, and the next one gets the slot', async () => {
  const concurrency = new CallerConcurrency(1, { timeoutMs: 1 });
  const { finish, start } = track(concurrency, 'a');
  const busy = start(0);
  await expect(concurrency.run('a', () => Promise.resolve())).rejects.toMatchObject({ code: 'at_capacity' });
  finish[0]?.();
  await busy;
  expect(await concurrency.run('a', () => Promise.resolve('done'))).toBe('done');
});

test('a request that would not end in time is not started', async () => {
  const concurrency = new CallerConcurrency(1, { timeoutMs: 60_000, responseMs: 10 });
  const { finish, start } = track(concurrency, 'a');
  const busy = start(0);
  const waiting = concurrency.run('a', () => Promise.resolve('started'));
  waiting.catch(() => undefined);
  await delay(20);
  finish[0]?.();
  await busy;
  await expect(waiting).rejects.toMatchObject({ code: 'at_capacity' });
  expect(await concurrency.run('a', () => Promise.resolve('done'))).toBe('done');
});

test('while another caller is active, a used slot has a cooldown before the next request', async () => {
  const concurrency = new CallerConcurrency(4);
  const other = track(concurrency, 'b');
  const busy = other.start(0);
  const { started, finish, start } = track(concurrency, 'a');
  const runs = [0, 1, 2].map(start);
  // The cooldown lasts as long as the slot was held.
  await delay(100);
  finish[0]?.();
  await runs[0];
  await settled();
  expect(started).toEqual([0, 1]);
  finish[1]?.();
  while (finish.length < 3) await settled();
  finish[2]?.();
  await Promise.all(runs);
  other.finish[0]?.();
  await busy;
});
