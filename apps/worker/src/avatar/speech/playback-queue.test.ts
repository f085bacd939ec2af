import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { BLOCK_SAMPLES, SAMPLE_RATE } from './pcm.ts';
import { PlaybackQueue } from './playback-queue.ts';

// Idle times, pauses and the pace of a sender are measured by the clock.
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** One block of 10 ms for each value. */
const blocks = (...values: number[]) =>
  Int16Array.from(values.flatMap((value) => Array<number>(BLOCK_SAMPLES).fill(value)));
const second = (value = 5) => new Int16Array(SAMPLE_RATE).fill(value);

/** A queue with an output that holds everything until `play`. */
function startQueue() {
  const output = {
    sent: 0,
    played: 0,
    clear: jest.fn(() => {
      output.played = output.sent;
    }),
  };
  const queue = new PlaybackQueue(output);
  return {
    queue,
    output,
    /** Sends audio to the output. Returns the value of each block. */
    take: (count: number): number[] => {
      const samples = queue.take(count * BLOCK_SAMPLES);
      output.sent += samples.length;
      return Array.from(
        { length: samples.length / BLOCK_SAMPLES },
        (_, index) => samples[index * BLOCK_SAMPLES] ?? 0,
      );
    },
    /** Plays the audio in the output, except for the last `kept` samples. */
    play: (kept = 0): void => {
      output.played = output.sent - kept;
      queue.finishPlayed();
    },
  };
}

test('segments play one after the other', () => {
  const { queue, take, play } = startQueue();
  for (const value of [1, 2]) {
    const segment = queue.startSegment();
    segment?.write(blocks(value, value));
    segment?.complete();
  }
  expect(take(6)).toEqual([1, 1, 2, 2]);
  play();
  expect(queue.isDone).toBe(true);
});

test('an open segment delays the next one for up to two seconds of silence, and is heard again later', () => {
  const { queue, take } = startQueue();
  const first = queue.startSegment();
  const second = queue.startSegment();
  second?.write(blocks(9, 9, 9));
  first?.write(blocks(1));
  expect(take(2)).toEqual([1]);
  jest.advanceTimersByTime(1_900);
  expect(take(1)).toEqual([]);
  jest.advanceTimersByTime(200);
  expect(take(1)).toEqual([9]);
  // A segment that plays is not interrupted by one that resumes.
  first?.write(blocks(2));
  second?.complete();
  expect(take(4)).toEqual([9, 9, 2]);
});

test('a segment is heard after a pause of any length, and has one report', () => {
  const onFinished = jest.fn();
  const { queue, take, play } = startQueue();
  const segment = queue.startSegment({ onFinished });
  segment?.write(blocks(1));
  expect(take(2)).toEqual([1]);
  play();
  jest.advanceTimersByTime(25_000);
  expect(take(2)).toEqual([]);
  segment?.write(blocks(2));
  segment?.complete();
  expect(take(2)).toEqual([2]);
  play();
  expect(onFinished.mock.calls).toEqual([[0.02, false]]);
});

test('a superseded segment plays the audio in flight before the next segment plays', () => {
  const onFinished = jest.fn();
  const { queue, take, play } = startQueue();
  const first = queue.startSegment({ onFinished });
  first?.write(blocks(1));
  take(1);
  first?.supersede();
  queue.startSegment()?.write(blocks(9));
  jest.advanceTimersByTime(100);
  first?.write(blocks(2));
  expect(take(2)).toEqual([2]);
  jest.advanceTimersByTime(250);
  expect(take(2)).toEqual([9]);
  play();
  expect(onFinished.mock.calls).toEqual([[0.02, false]]);
});

test('a superseded segment ends while another one plays', () => {
  const { queue, take } = startQueue();
  queue.startSegment()?.write(second());
  const waiting = queue.startSegment();
  waiting?.supersede();
  jest.advanceTimersByTime(250);
  expect(take(1)).toEqual([5]);
  expect(waiting?.isClosed).toBe(true);
});

test('onStarted is called once, and onFinished once, when the last sample has left the output', () => {
  const [onStarted, onFinished] = [jest.fn(), jest.fn()];
  const { queue, take, play } = startQueue();
  const segment = queue.startSegment({ onStarted, onFinished });
  segment?.write(second());
  segment?.complete();
  take(50);
  take(100);
  play(1);
  expect(onFinished).not.toHaveBeenCalled();
  expect(queue.isDone).toBe(false);
  play();
  expect(onStarted).toHaveBeenCalledTimes(1);
  expect(onFinished.mock.calls).toEqual([[1, false]]);
});

test('an interruption drops all segments and reports the position of each, without audio that the output held', () => {
  const onFinished = jest.fn();
  const { queue, output, take, play } = startQueue();
  const segments = [queue.startSegment({ onFinished }), queue.startSegment({ onFinished })];
  for (const segment of segments) segment?.write(second());
  take(35);
  play(10 * BLOCK_SAMPLES);
  queue.interrupt();
  expect(output.clear).toHaveBeenCalledTimes(1);
  expect(onFinished.mock.calls).toEqual([
    [0.25, true],
    [0, true],
  ]);
  segments[0]?.write(blocks(7));
  expect(take(2)).toEqual([]);
});

test('an interruption does not change the report of a segment that was played', () => {
  const onFinished = jest.fn();
  const { queue, output, take } = startQueue();
  const segment = queue.startSegment({ onFinished });
  segment?.write(blocks(1));
  segment?.complete();
  take(1);
  output.played = output.sent;
  queue.interrupt();
  expect(onFinished.mock.calls).toEqual([[0.01, false]]);
});

test('one segment, and all together, buffer at most ten minutes, and a loss is reported', () => {
  const onFinished = jest.fn();
  const { queue, take, play } = startQueue();
  const minute = new Int16Array(60 * SAMPLE_RATE);
  const segment = queue.startSegment({ onFinished });
  for (let count = 0; count < 9; count += 1) segment?.write(minute);
  expect(queue.startSegment()).not.toBeNull();
  for (let count = 0; count < 9; count += 1) segment?.write(minute);
  expect(segment?.bufferedSamples).toBe(600 * SAMPLE_RATE);
  expect(queue.startSegment()).toBeNull();
  segment?.complete();
  take(60_000);
  play();
  expect(onFinished.mock.calls).toEqual([[600, true]]);
});

test('segments that were started while the queue was empty share its ten minutes', () => {
  const { queue } = startQueue();
  const minute = new Int16Array(60 * SAMPLE_RATE);
  const segments = [queue.startSegment(), queue.startSegment()];
  const accepted = segments.flatMap((segment) => Array.from({ length: 8 }, () => segment?.write(minute)));
  expect(accepted.filter(Boolean)).toHaveLength(10);
  const buffered = segments.map((segment) => segment?.bufferedSamples);
  expect(buffered).toEqual([480 * SAMPLE_RATE, 120 * SAMPLE_RATE]);
});

test('a queue holds a limited number of segments', () => {
  const { queue } = startQueue();
  const accepted = Array.from({ length: 300 }, () => queue.startSegment()).filter((one) => one !== null);
  expect(accepted).toHaveLength(256);
});

test('a closed queue accepts no more segments and plays those it has', () => {
  const { queue, take, play } = startQueue();
  const segment = queue.startSegment();
  segment?.write(blocks(1));
  queue.close();
  expect(queue.startSegment()).toBeNull();
  expect(queue.isDone).toBe(false);
  segment?.complete();
  expect(take(1)).toEqual([1]);
  play();
  expect(queue.isDone).toBe(true);
});

test('a stream that stays open does not keep a closed queue open', () => {
  const { queue, take } = startQueue();
  queue.startSegment()?.write(blocks(1));
  take(1);
  queue.close();
  expect(queue.isDone).toBe(false);
  jest.advanceTimersByTime(2_100);
  expect(queue.isDone).toBe(true);
});

test('a live segment drops its oldest audio when too much is buffered', () => {
  const { queue, take } = startQueue();
  const segment = queue.startSegment({ maxBufferedSamples: 3 * BLOCK_SAMPLES });
  segment?.write(blocks(1, 2));
  segment?.write(blocks(3, 4, 5));
  expect(take(4)).toEqual([3, 4, 5]);
});

test('closing the queue completes a live segment', () => {
  const { queue, take, play } = startQueue();
  const segment = queue.startSegment({ maxBufferedSamples: SAMPLE_RATE });
  segment?.write(blocks(1));
  expect(queue.isDone).toBe(false);
  queue.close();
  segment?.write(blocks(2));
  expect(take(2)).toEqual([1]);
  play();
  expect(queue.isDone).toBe(true);
});

test('an interruption drops the buffer of a live segment, and the segment continues', () => {
  const { queue, take } = startQueue();
  const segment = queue.startSegment({ maxBufferedSamples: SAMPLE_RATE });
  segment?.write(blocks(1));
  queue.interrupt();
  expect(take(1)).toEqual([]);
  segment?.write(blocks(2));
  expect(take(1)).toEqual([2]);
});

/** Sends a value for each block in real time, and takes one block for each. Returns the taken values. */
function speakInRealTime(
  { take }: ReturnType<typeof startQueue>,
  segment: { write(samples: Int16Array): void } | null,
  values: number[],
): number[] {
  return values.flatMap((value) => {
    jest.advanceTimersByTime(10);
    segment?.write(blocks(value));
    return take(1);
  });
}

test('a sender in real time that stalled is heard on time again after as much silence', () => {
  const harness = startQueue();
  const { queue, take, play } = harness;
  const onFinished = jest.fn();
  const segment = queue.startSegment({ onFinished });
  const speech = Array<number>(100).fill(999);
  const silence = Array<number>(150).fill(0);
  speakInRealTime(harness, segment, speech);
  jest.advanceTimersByTime(1_000);
  segment?.write(blocks(...speech));
  const taken = speakInRealTime(harness, segment, [...speech, ...silence]);
  // All of the speech is heard.
  expect(taken.filter((value) => value === 999)).toHaveLength(200);
  expect(segment?.bufferedSamples).toBeLessThanOrEqual(0.2 * SAMPLE_RATE);
  segment?.complete();
  take(100);
  play();
  // Skipped silence counts as played.
  expect(onFinished.mock.calls).toEqual([[4.5, false]]);
});

test('a closed queue ends the speech of a sender in real time, and plays synthesized speech to its end', () => {
  const harness = startQueue();
  const { queue, take, play } = harness;
  const [onCut, onFinished] = [jest.fn(), jest.fn()];
  const live = queue.startSegment({ onFinished: onCut });
  const synthesized = queue.startSegment({ onFinished });
  synthesized?.write(second(9));
  speakInRealTime(harness, live, Array<number>(100).fill(5));
  queue.close();
  expect(take(1)).toEqual([9]);
  expect(live?.isClosed).toBe(true);
  live?.write(second());
  synthesized?.write(second(9));
  synthesized?.complete();
  expect(take(300)).toHaveLength(199);
  play();
  expect(onCut.mock.calls).toEqual([[1, true]]);
  expect(onFinished.mock.calls).toEqual([[2, false]]);
  expect(queue.isDone).toBe(true);
});

test('silence is skipped only in the first two seconds of the buffer', () => {
  const { queue, take } = startQueue();
  const segment = queue.startSegment();
  for (const value of [...Array<number>(300).fill(999), ...Array<number>(100).fill(0)]) {
    jest.advanceTimersByTime(10);
    segment?.write(blocks(value));
  }
  expect(take(50)).toHaveLength(50);
  expect(segment?.bufferedSamples).toBe(350 * BLOCK_SAMPLES);
  expect(take(100)).toHaveLength(100);
  expect(take(50)).toHaveLength(50);
  expect(segment?.bufferedSamples).toBeLessThan(200 * BLOCK_SAMPLES);
});

test('silence of synthesized speech, which arrives faster than real time, is not skipped', () => {
  const { queue, take } = startQueue();
  const segment = queue.startSegment();
  segment?.write(blocks(...Array<number>(40).fill(999), ...Array<number>(40).fill(0)));
  segment?.write(blocks(...Array<number>(40).fill(999)));
  expect(take(200)).toHaveLength(120);
});

test('a segment counts as activity when it is received and while it plays', () => {
  const { queue, take } = startQueue();
  jest.advanceTimersByTime(5000);
  expect(queue.idleMs).toBe(5000);
  const segment = queue.startSegment();
  segment?.write(blocks(1, 2));
  expect(queue.idleMs).toBe(0);
  jest.advanceTimersByTime(5000);
  take(1);
  expect(queue.idleMs).toBe(0);
});

test('silence of a live segment counts as activity when it is received, and synthetic audio does not', () => {
  const { queue, take } = startQueue();
  const track = queue.startSegment({ maxBufferedSamples: SAMPLE_RATE });
  jest.advanceTimersByTime(5000);
  track?.write(blocks(0));
  expect(queue.idleMs).toBe(0);
  jest.advanceTimersByTime(5000);
  take(1);
  expect(queue.idleMs).toBe(5000);
  track?.complete();
  queue.startSegment({ isSynthetic: true })?.write(blocks(9));
  take(1);
  expect(queue.idleMs).toBe(5000);
});
