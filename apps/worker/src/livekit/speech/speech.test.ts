import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { SAMPLE_RATE } from './samples.ts';
import { Speech } from './speech.ts';

// How long nobody was heard is a matter of clocks.
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const samples = (...values: number[]) => Int16Array.from(values);

test('utterances are played one after the other, and silence after them', () => {
  const speech = new Speech(() => undefined);
  for (const value of [1, 2]) {
    const utterance = speech.begin();
    utterance?.write(samples(value, value));
    utterance?.complete();
  }
  expect(speech.take(6)).toEqual(samples(1, 1, 2, 2, 0, 0));
  expect(speech.isOver).toBe(true);
});

test('an utterance waits for what is still to come, and the next waits for it', () => {
  const speech = new Speech(() => undefined);
  const first = speech.begin();
  speech.begin()?.write(samples(9));
  first?.write(samples(1));
  expect(speech.take(2)).toEqual(samples(1, 0));
  first?.write(samples(2));
  first?.complete();
  expect(speech.take(2)).toEqual(samples(2, 9));
});

test('an utterance of which nothing more comes keeps the next waiting for a while, not for ever', () => {
  const finished = jest.fn();
  const speech = new Speech(() => undefined);
  speech.begin({ finished })?.write(samples(1));
  speech.begin()?.write(samples(9));
  speech.take(1);
  jest.advanceTimersByTime(19_000);
  expect(speech.take(2)).toEqual(samples(0, 0));
  jest.advanceTimersByTime(2_000);
  expect(speech.take(2)).toEqual(samples(9, 0));
  expect(finished).toHaveBeenCalledWith(1 / SAMPLE_RATE, false);
});

test('an utterance that was sent ahead may go on when it has been spoken', () => {
  const speech = new Speech(() => undefined);
  const utterance = speech.begin();
  utterance?.write(samples(1, 2));
  speech.take(1);
  jest.advanceTimersByTime(30_000);
  speech.take(1);
  jest.advanceTimersByTime(10_000);
  expect(speech.take(1)).toEqual(samples(0));
  utterance?.write(samples(3));
  expect(speech.take(1)).toEqual(samples(3));
});

test('who listens hears of the start once, and of the end with what was played', () => {
  const [started, finished] = [jest.fn(), jest.fn()];
  const speech = new Speech(() => undefined);
  const utterance = speech.begin({ started, finished });
  utterance?.write(new Int16Array(SAMPLE_RATE));
  utterance?.complete();
  speech.take(SAMPLE_RATE / 2);
  expect(finished).not.toHaveBeenCalled();
  speech.take(SAMPLE_RATE);
  expect(started).toHaveBeenCalledTimes(1);
  expect(finished).toHaveBeenCalledWith(1, false);
  expect(finished).toHaveBeenCalledTimes(1);
});

test('an interruption takes back everything, and says how far each came', () => {
  const finished = jest.fn();
  const silence = jest.fn();
  const speech = new Speech(silence);
  const utterances = [speech.begin({ finished }), speech.begin({ finished })];
  for (const utterance of utterances) utterance?.write(new Int16Array(SAMPLE_RATE).fill(5));
  speech.take(SAMPLE_RATE / 4);
  speech.interrupt();
  expect(silence).toHaveBeenCalledTimes(1);
  expect(finished.mock.calls).toEqual([
    [0.25, true],
    [0, true],
  ]);
  utterances[0]?.write(samples(7));
  expect(speech.take(2)).toEqual(samples(0, 0));
});

test('ten minutes are held at the most, of one utterance and of all', () => {
  const speech = new Speech(() => undefined);
  const minute = new Int16Array(60 * SAMPLE_RATE);
  const utterance = speech.begin();
  for (let count = 0; count < 9; count += 1) utterance?.write(minute);
  expect(speech.begin()).not.toBeNull();
  for (let count = 0; count < 9; count += 1) utterance?.write(minute);
  expect(utterance?.heldSamples).toBe(600 * SAMPLE_RATE);
  expect(speech.begin()).toBeNull();
});

test('closed, it takes in nothing new and finishes what it has', () => {
  const speech = new Speech(() => undefined);
  const utterance = speech.begin();
  utterance?.write(samples(1));
  speech.close();
  expect(speech.begin()).toBeNull();
  expect(speech.isOver).toBe(false);
  utterance?.complete();
  expect(speech.take(1)).toEqual(samples(1));
  expect(speech.isOver).toBe(true);
});

test('of sound as it happens the oldest is left out where too much is held', () => {
  const speech = new Speech(() => undefined);
  const utterance = speech.begin({ maxHeldSamples: 3 });
  utterance?.write(samples(1, 2));
  utterance?.write(samples(3, 4, 5));
  expect(speech.take(4)).toEqual(samples(3, 4, 5, 0));
});

test('closed, it listens no longer to sound as it happens', () => {
  const speech = new Speech(() => undefined);
  const utterance = speech.begin({ maxHeldSamples: 3 });
  utterance?.write(samples(1));
  expect(speech.isOver).toBe(false);
  speech.close();
  utterance?.write(samples(2));
  expect(speech.take(2)).toEqual(samples(1, 0));
  expect(speech.isOver).toBe(true);
});

test('speech is heard when it comes in and for as long as it is spoken', () => {
  const speech = new Speech(() => undefined);
  jest.advanceTimersByTime(5000);
  expect(speech.silentForMs).toBe(5000);
  const utterance = speech.begin();
  utterance?.write(samples(1, 2));
  expect(speech.silentForMs).toBe(0);
  jest.advanceTimersByTime(5000);
  speech.take(1);
  expect(speech.silentForMs).toBe(0);
});

test('nobody is heard in the silence of a live track, nor in sound that was made here', () => {
  const speech = new Speech(() => undefined);
  const track = speech.begin({ maxHeldSamples: 100 });
  jest.advanceTimersByTime(5000);
  track?.write(samples(0, 0), { audible: false });
  speech.take(2);
  expect(speech.silentForMs).toBe(5000);
  track?.complete();
  speech.begin({ isSynthetic: true })?.write(samples(9));
  speech.take(1);
  expect(speech.silentForMs).toBe(5000);
});
