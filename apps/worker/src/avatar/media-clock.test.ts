import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { MediaClock } from './media-clock.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function deliver(clock: MediaClock, frames: number): void {
  for (let count = 0; count < frames; count += 1) {
    clock.step();
    jest.advanceTimersByTime(40);
  }
}

test('media lasts as long as its frames', () => {
  const clock = new MediaClock();
  jest.advanceTimersByTime(5_000);
  deliver(clock, 26);
  expect(clock.elapsedMs).toBe(1_000);
});

test('a pause of the process counts 500 ms at most', () => {
  const clock = new MediaClock();
  deliver(clock, 26);
  jest.advanceTimersByTime(60_000);
  clock.step();
  expect(clock.elapsedMs).toBe(1_500);
});

test('time while the room is unreachable does not count', () => {
  const clock = new MediaClock();
  deliver(clock, 26);
  clock.stop();
  jest.advanceTimersByTime(60_000);
  deliver(clock, 26);
  expect(clock.elapsedMs).toBe(2_000);
});
