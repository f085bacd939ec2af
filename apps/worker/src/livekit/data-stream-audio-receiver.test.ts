import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { AudioResampler, dispose } from '@livekit/rtc-node';

import { AudioSegment } from '../avatar/speech/audio-segment.ts';
import { SpeechStream } from './data-stream-audio-receiver.ts';

afterAll(() => dispose());
afterEach(() => {
  jest.restoreAllMocks();
});

const FORMAT = { rate: 16_000, channels: 1 };
/** A queue with space. */
const OWNER = { space: Infinity, markActive: () => undefined };

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
  const segment = new AudioSegment({}, OWNER);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
    throw new Error('The sender left.');
  });
  await expect(new SpeechStream(stream, FORMAT, () => segment).receive()).rejects.toThrow('The sender left.');
  expect(freed).toHaveBeenCalledTimes(1);
  segment.take(new Int16Array(48_000), 0);
  expect(segment.isDone).toBe(true);
});

test('a stream that cannot be closed plays to its end', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const segment = new AudioSegment({}, OWNER);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
  });
  await new SpeechStream(stream, FORMAT, () => segment).receive();
  expect(freed).toHaveBeenCalledTimes(1);
  expect(segment.bufferedSamples).toBeGreaterThan(0);
});

test('an interrupted stream is heard again as another utterance, without the audio that was in flight', async () => {
  jest.useFakeTimers();
  const utterances: AudioSegment[] = [];
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
  const stream = new SpeechStream(received, { rate: 24_000, channels: 1 }, () => {
    const utterance = new AudioSegment({}, OWNER);
    utterances.push(utterance);
    return utterance;
  });
  await stream.receive();
  expect(utterances.map(({ bufferedSamples }) => bufferedSamples)).toEqual([0, 480]);
  jest.useRealTimers();
});

test('a rejected stream is heard when speech is accepted again', async () => {
  const segment = new AudioSegment({}, OWNER);
  let isAccepted = false;
  const received = streamOf(async function* () {
    yield new Uint8Array(480);
    isAccepted = true;
    yield new Uint8Array(960);
  });
  await new SpeechStream(received, { rate: 24_000, channels: 1 }, () =>
    isAccepted ? segment : null,
  ).receive();
  expect(segment.bufferedSamples).toBe(480);
});

/** A stream without data that ends only when it is closed. */
function openStream() {
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const reader = pipe.readable.getReader();
  return {
    info: {},
    close: () => reader.cancel(),
    async *[Symbol.asyncIterator]() {
      for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
    },
  };
}

test('a superseded stream whose end was lost is closed when its utterance has finished', async () => {
  let utterance: AudioSegment | undefined;
  const stream = new SpeechStream(openStream(), FORMAT, (onFinished) => {
    utterance = new AudioSegment({ onFinished }, OWNER);
    return utterance;
  });
  const received = stream.receive();
  stream.supersede();
  expect(utterance?.isClosed).toBe(false);
  utterance?.interrupt(0);
  await received;
});

test('a stream whose sender left is closed, and its utterance plays to the end of the received audio', async () => {
  const segment = new AudioSegment({}, OWNER);
  const stream = new SpeechStream(openStream(), FORMAT, () => segment);
  const received = stream.receive();
  segment.write(new Int16Array(100));
  stream.close();
  await received;
  expect(segment.isClosed).toBe(true);
  expect(segment.take(new Int16Array(480), 0)).toBe(100);
});
