import { expect, test } from '@jest/globals';

import { CallerTurns } from './caller-turns.ts';

function started(turns: CallerTurns, caller: string) {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const start = (index: number) =>
    turns.run(caller, async () => {
      begun.push(index);
      await new Promise<void>((resolve) => finish.push(resolve));
    });
  return { begun, finish, start };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a caller runs a few at once and the others in order', async () => {
  const { begun, finish, start } = started(new CallerTurns(2), 'a');
  const runs = [0, 1, 2, 3].map(start);
  await settled();
  expect(begun).toEqual([0, 1]);
  finish[0]?.();
  await runs[0];
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  finish[1]?.();
  finish[2]?.();
  await settled();
  finish[3]?.();
  await Promise.all(runs);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('callers do not wait for each other', async () => {
  const turns = new CallerTurns(1);
  const { finish, start } = started(turns, 'a');
  const busy = start(0);
  expect(await turns.run('b', () => Promise.resolve('done'))).toBe('done');
  finish[0]?.();
  await busy;
});

test('a caller has two turns while another has one, and more again when it is alone', async () => {
  const turns = new CallerTurns(4);
  const other = started(turns, 'b');
  const busy = other.start(0);
  const { begun, finish, start } = started(turns, 'a');
  const runs = [0, 1, 2, 3, 4].map(start);
  await settled();
  expect(begun).toEqual([0, 1]);
  other.finish[0]?.();
  await busy;
  await settled();
  expect(begun).toEqual([0, 1, 2, 3]);
  while (begun.length < runs.length || finish.length > 0) {
    finish.shift()?.();
    await settled();
  }
  await Promise.all(runs);
});

test('a turn is free after a failure, and during a pause', async () => {
  const turns = new CallerTurns(1);
  await expect(turns.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const order: string[] = [];
  await turns.run('a', async (pause) => {
    await pause(() =>
      turns.run('a', () => {
        order.push('another');
        return Promise.resolve();
      }),
    );
    order.push('first');
  });
  expect(order).toEqual(['another', 'first']);
});

test('a request that waits too long for its turn is refused, and the next turn is not lost', async () => {
  const turns = new CallerTurns(1, { timeoutMs: 1 });
  const { finish, start } = started(turns, 'a');
  const busy = start(0);
  await expect(turns.run('a', () => Promise.resolve())).rejects.toMatchObject({ code: 'at_capacity' });
  finish[0]?.();
  await busy;
  expect(await turns.run('a', () => Promise.resolve('done'))).toBe('done');
});

test('a turn that would not end in time is not begun', async () => {
  const turns = new CallerTurns(1, { timeoutMs: 60_000, responseMs: 10 });
  const { finish, start } = started(turns, 'a');
  const busy = start(0);
  const waiting = turns.run('a', () => Promise.resolve('begun'));
  waiting.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  finish[0]?.();
  await busy;
  await expect(waiting).rejects.toMatchObject({ code: 'at_capacity' });
  expect(await turns.run('a', () => Promise.resolve('done'))).toBe('done');
});

test('while another caller has a turn, the next one of a queue begins after a rest', async () => {
  const turns = new CallerTurns(4);
  const other = started(turns, 'b');
  const busy = other.start(0);
  const { begun, finish, start } = started(turns, 'a');
  const runs = [0, 1, 2].map(start);
  // The rest is as long as the turn was.
  await new Promise((resolve) => setTimeout(resolve, 100));
  finish[0]?.();
  await runs[0];
  await settled();
  expect(begun).toEqual([0, 1]);
  finish[1]?.();
  while (finish.length < 3) await settled();
  finish[2]?.();
  await Promise.all(runs);
  other.finish[0]?.();
  await busy;
});
