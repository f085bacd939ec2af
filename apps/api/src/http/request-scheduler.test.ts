import { setImmediate as nextIteration } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { RequestScheduler } from './request-scheduler.ts';

/** Longer than a slice. */
const WORK_MS = 6;

const a = () => 'a';

function work(): void {
  const endsAtMs = performance.now() + WORK_MS;
  while (performance.now() < endsAtMs);
}

test('callers take turns regardless of the number of their requests', async () => {
  const scheduler = new RequestScheduler(() => '');
  const started: string[] = [];
  const arrives = (key: string, name: string) =>
    scheduler.start(
      () => key,
      () => {
        started.push(name);
        work();
      },
    );
  for (const name of ['a1', 'a2', 'a3', 'a4']) arrives('a', name);
  arrives('b', 'b1');
  while (started.length < 5) await nextIteration();
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
});

test('an iteration of the event loop starts no further request after a slice of work, also in promises', async () => {
  const scheduler = new RequestScheduler(() => '');
  const startedIn: number[] = [];
  let iteration = 0;
  const start = () => {
    startedIn.push(iteration);
    queueMicrotask(work);
  };
  scheduler.start(a, work);
  for (let count = 0; count < 3; count += 1) scheduler.start(a, start);
  while (startedIn.length < 3) {
    await nextIteration();
    iteration += 1;
  }
  expect(new Set(startedIn).size).toBe(3);
});

test('a request is started at once when there is no other', () => {
  let isStarted = false;
  new RequestScheduler(a).start(a, () => {
    isStarted = true;
  });
  expect(isStarted).toBe(true);
});
