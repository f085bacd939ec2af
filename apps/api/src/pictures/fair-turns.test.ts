import { expect, test } from '@jest/globals';

import { FairTurns } from './fair-turns.ts';

/** Starts work for each key in this order, and returns the order in which it ran. */
async function orderOf(resources: string[], keys: string[]): Promise<string[]> {
  const turns = new FairTurns(resources);
  const order: string[] = [];
  await Promise.all(
    keys.map((key) =>
      turns.run(key, async () => {
        order.push(key);
        await new Promise(setImmediate);
      }),
    ),
  );
  return order;
}

test('a key that came late does not wait for all the work of another', async () => {
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

test('a key holds one resource at a time, although more are free', async () => {
  const turns = new FairTurns(['one', 'other']);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (running += 1));
    await new Promise(setImmediate);
    running -= 1;
  };
  await Promise.all([turns.run('a', work), turns.run('a', work), turns.run('a', work)]);
  expect(most).toBe(1);
});

test('work that fails makes room for the next', async () => {
  const turns = new FairTurns(['only']);
  await expect(turns.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await turns.run('a', (resource) => Promise.resolve(resource))).toBe('only');
});
