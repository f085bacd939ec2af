import { expect, test } from '@jest/globals';

import { ConcurrencyByKey } from './concurrency-by-key.ts';

test('work of one key runs in order without blocking other keys', async () => {
  const concurrency = new ConcurrencyByKey(2);
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const run = (key: string, name: string) =>
    concurrency.run(key, async () => {
      started.push(name);
      await new Promise<void>((resolve) => finish.set(name, resolve));
    });

  const all = [run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('a', 'a4'), run('b', 'b1')];
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(started).toEqual(['a1', 'a2', 'b1']);
  finish.get('a2')?.();
  await all[1];
  await new Promise(setImmediate);
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  for (const name of ['a1', 'a3', 'b1']) finish.get(name)?.();
  await all[0];
  await new Promise(setImmediate);
  finish.get('a4')?.();
  await Promise.all(all);
});

test('the next work starts after a failure', async () => {
  const concurrency = new ConcurrencyByKey(1);
  await expect(concurrency.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await concurrency.run('a', () => Promise.resolve('yes'))).toBe('yes');
});
