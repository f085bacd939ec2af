import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { SAMPLE_RATE } from './pcm.ts';
import { PlaybackQueue } from './playback-queue.ts';

// Idle and stall times are measured by the clock.
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const samples = (...values: number[]) => Int16Array.from(values);

test('segments play one after the other, followed by silence', () => {
  const queue = new PlaybackQueue(() => undefined);
  for (const value of [1, 2]) {
    const segment = queue.startSegment();
    segment?.write(samples(value, value));
    segment?.complete();
  }
  expect(queue.take(6)).toEqual(samples(1, 1, 2, 2, 0, 0));
  expect(queue.isDone).toBe(true);
});

test('an incomplete segment delays the next one', () => {
  const queue = new PlaybackQueue(() => undefined);
  const first = queue.startSegment();
  queue.startSegment()?.write(samples(9));
  first?.write(samples(1));
  expect(queue.take(2)).toEqual(samples(1, 0));
  first?.write(samples(2));
  first?.complete();
  expect(queue.take(2)).toEqual(samples(2, 9));
});

test('a stalled segment is finished after 20 s, and the next one plays', () => {
  const onFinished = jest.fn();
  const queue = new PlaybackQueue(() => undefined);
  queue.startSegment({ onFinished })?.write(samples(1));
  queue.startSegment()?.write(samples(9));
  queue.take(1);
  jest.advanceTimersByTime(19_000);
  expect(queue.take(2)).toEqual(samples(0, 0));
  jest.advanceTimersByTime(2_000);
  expect(queue.take(2)).toEqual(samples(9, 0));
  expect(onFinished).toHaveBeenCalledWith(1 / SAMPLE_RATE, false);
});

test('a segment that arrived faster than it plays may continue after it was played', () => {
  const queue = new PlaybackQueue(() => undefined);
  const segment = queue.startSegment();
  segment?.write(samples(1, 2));
  queue.take(1);
  jest.advanceTimersByTime(30_000);
  queue.take(1);
  jest.advanceTimersByTime(10_000);
  expect(queue.take(1)).toEqual(samples(0));
  segment?.write(samples(3));
  expect(queue.take(1)).toEqual(samples(3));
});

test('onStarted is called once, and onFinished once with the played duration', () => {
  const [onStarted, onFinished] = [jest.fn(), jest.fn()];
  const queue = new PlaybackQueue(() => undefined);
  const segment = queue.startSegment({ onStarted, onFinished });
  segment?.write(new Int16Array(SAMPLE_RATE));
  segment?.complete();
  queue.take(SAMPLE_RATE / 2);
  expect(onFinished).not.toHaveBeenCalled();
  queue.take(SAMPLE_RATE);
  expect(onStarted).toHaveBeenCalledTimes(1);
  expect(onFinished).toHaveBeenCalledWith(1, false);
  expect(onFinished).toHaveBeenCalledTimes(1);
});

test('an interruption drops all segments and reports the position of each', () => {
  const onFinished = jest.fn();
  const clearOutput = jest.fn();
  const queue = new PlaybackQueue(clearOutput);
  const segments = [queue.startSegment({ onFinished }), queue.startSegment({ onFinished })];
  for (const segment of segments) segment?.write(new Int16Array(SAMPLE_RATE).fill(5));
  queue.take(SAMPLE_RATE / 4);
  queue.interrupt();
  expect(clearOutput).toHaveBeenCalledTimes(1);
  expect(onFinished.mock.calls).toEqual([
    [0.25, true],
    [0, true],
  ]);
  segments[0]?.write(samples(7));
  expect(queue.take(2)).toEqual(samples(0, 0));
});

test('at most ten minutes are buffered, of one segment and of all together', () => {
  const queue = new PlaybackQueue(() => undefined);
  const minute = new Int16Array(60 * SAMPLE_RATE);
  const segment = queue.startSegment();
  for (let count = 0; count < 9; count += 1) segment?.write(minute);
  expect(queue.startSegment()).not.toBeNull();
  for (let count = 0; count < 9; count += 1) segment?.write(minute);
  expect(segment?.bufferedSamples).toBe(600 * SAMPLE_RATE);
  expect(queue.startSegment()).toBeNull();
});

test('a closed queue accepts no more segments and plays those it has', () => {
  const queue = new PlaybackQueue(() => undefined);
  const segment = queue.startSegment();
  segment?.write(samples(1));
  queue.close();
  expect(queue.startSegment()).toBeNull();
  expect(queue.isDone).toBe(false);
  segment?.complete();
  expect(queue.take(1)).toEqual(samples(1));
  expect(queue.isDone).toBe(true);
});

test('a live segment drops its oldest audio when too much is buffered', () => {
  const queue = new PlaybackQueue(() => undefined);
  const segment = queue.startSegment({ maxBufferedSamples: 3 });
  segment?.write(samples(1, 2));
  segment?.write(samples(3, 4, 5));
  expect(queue.take(4)).toEqual(samples(3, 4, 5, 0));
});

test('closing the queue completes a live segment', () => {
  const queue = new PlaybackQueue(() => undefined);
  const segment = queue.startSegment({ maxBufferedSamples: 3 });
  segment?.write(samples(1));
  expect(queue.isDone).toBe(false);
  queue.close();
  segment?.write(samples(2));
  expect(queue.take(2)).toEqual(samples(1, 0));
  expect(queue.isDone).toBe(true);
});

test('a segment counts as activity when it is received and while it plays', () => {
  const queue = new PlaybackQueue(() => undefined);
  jest.advanceTimersByTime(5000);
  expect(queue.idleMs).toBe(5000);
  const segment = queue.startSegment();
  segment?.write(samples(1, 2));
  expect(queue.idleMs).toBe(0);
  jest.advanceTimersByTime(5000);
  queue.take(1);
  expect(queue.idleMs).toBe(0);
});

test('neither silence of a live segment nor synthetic audio counts as activity', () => {
  const queue = new PlaybackQueue(() => undefined);
  const track = queue.startSegment({ maxBufferedSamples: 100 });
  jest.advanceTimersByTime(5000);
  track?.write(samples(0, 0), { audible: false });
  queue.take(2);
  expect(queue.idleMs).toBe(5000);
  track?.complete();
  queue.startSegment({ isSynthetic: true })?.write(samples(9));
  queue.take(1);
  expect(queue.idleMs).toBe(5000);
});
