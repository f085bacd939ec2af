import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { AudioResampler, dispose } from '@livekit/rtc-node';

import { AudioSegment } from './audio-segment.ts';
import { SpeechStream } from './data-stream-audio-receiver.ts';

afterAll(() => dispose());
afterEach(() => {
  jest.restoreAllMocks();
});

const FORMAT = { rate: 16_000, channels: 1 };

/** A stream that needs resampling and cannot be closed. */
function streamOf(chunks: () => AsyncGenerator<Uint8Array>) {
  return {
    info: {},
    close: () => Promise.reject(new Error('The stream is closed.')),
    [Symbol.asyncIterator]: chunks,
  };
}

test('a stream that breaks off ends its utterance and frees the resampler', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const segment = new AudioSegment({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
    throw new Error('The sender left.');
  });
  await expect(new SpeechStream(FORMAT, () => segment).receive(stream)).rejects.toThrow('The sender left.');
  expect(freed).toHaveBeenCalledTimes(1);
  segment.take(new Int16Array(48_000), 0);
  expect(segment.isDone).toBe(true);
});

test('a stream that cannot be closed plays to its end', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const segment = new AudioSegment({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
  });
  await new SpeechStream(FORMAT, () => segment).receive(stream);
  expect(freed).toHaveBeenCalledTimes(1);
  expect(segment.bufferedSamples).toBeGreaterThan(0);
});

test('a stream that was interrupted is heard again, as another utterance, and not with what was on its way', async () => {
  jest.useFakeTimers();
  const utterances: AudioSegment[] = [];
  const stream = new SpeechStream({ rate: 24_000, channels: 1 }, () => {
    const utterance = new AudioSegment({}, () => undefined);
    utterances.push(utterance);
    return utterance;
  });
  const received = streamOf(async function* () {
    yield new Uint8Array(480);
    stream.discard();
    utterances[0]?.interrupt(0);
    jest.advanceTimersByTime(250);
    yield new Uint8Array(480);
    expect(utterances).toHaveLength(1);
    jest.advanceTimersByTime(100);
    yield new Uint8Array(960);
  });
  await stream.receive(received);
  expect(utterances.map(({ bufferedSamples }) => bufferedSamples)).toEqual([0, 480]);
  jest.useRealTimers();
});

test('a stream that was superseded and goes on is heard again, as another utterance', async () => {
  jest.useFakeTimers();
  const utterances: AudioSegment[] = [];
  const stream = new SpeechStream({ rate: 24_000, channels: 1 }, () => {
    const utterance = new AudioSegment({}, () => undefined);
    utterances.push(utterance);
    return utterance;
  });
  const received = streamOf(async function* () {
    yield new Uint8Array(480);
    stream.supersede();
    utterances[0]?.take(new Int16Array(240), 0);
    jest.advanceTimersByTime(250);
    utterances[0]?.take(new Int16Array(240), 240);
    yield new Uint8Array(960);
  });
  await stream.receive(received);
  expect(utterances.map(({ bufferedSamples }) => bufferedSamples)).toEqual([0, 480]);
  jest.useRealTimers();
});
