import { expect, test } from '@jest/globals';

import { FairPool } from './fair-pool.ts';

/** Starts work for each key in this order, and returns the order in which it ran. */
async function orderOf(resources: string[], keys: string[]): Promise<string[]> {
  const pool = new FairPool(resources);
  const order: string[] = [];
  await Promise.all(
    keys.map((key) =>
      pool.run(key, async () => {
        order.push(key);
        await new Promise(setImmediate);
      }),
    ),
  );
  return order;
}

test('a later key does not wait for all the work of an earlier one', async () => {
  expect(await orderOf(['only'], ['a', 'a', 'a', 'a', 'b', 'b', 'c'])).toEqual([
    'a',
    'a',
    'b',
    'c',
    'a',
    'b',
    'a',
  ]);
});

test('a key uses one resource at a time, even if more are free', async () => {
  const pool = new FairPool(['one', 'other']);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (running += 1));
    await new Promise(setImmediate);
    running -= 1;
  };
  await Promise.all([pool.run('a', work), pool.run('a', work), pool.run('a', work)]);
  expect(most).toBe(1);
});

test('a resource is released when work fails', async () => {
  const pool = new FairPool(['only']);
  await expect(pool.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await pool.run('a', (resource) => Promise.resolve(resource))).toBe('only');
});
