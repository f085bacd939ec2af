import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { AudioResampler, dispose } from '@livekit/rtc-node';

import { AudioSegment } from './audio-segment.ts';
import { receive, SpeechStream } from './data-stream-audio-receiver.ts';

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
  await expect(receive(stream, FORMAT, new SpeechStream(() => segment))).rejects.toThrow('The sender left.');
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
  await receive(stream, FORMAT, new SpeechStream(() => segment));
  expect(freed).toHaveBeenCalledTimes(1);
  expect(segment.bufferedSamples).toBeGreaterThan(0);
});

test('a stream that was interrupted is heard again, as another utterance, and not with what was on its way', () => {
  jest.useFakeTimers();
  const utterances: AudioSegment[] = [];
  const stream = new SpeechStream(() => {
    const utterance = new AudioSegment({}, () => undefined);
    utterances.push(utterance);
    return utterance;
  });
  stream.write(new Int16Array(240));
  stream.discard();
  utterances[0]?.interrupt(0);
  jest.advanceTimersByTime(250);
  stream.write(new Int16Array(240));
  expect(utterances).toHaveLength(1);
  jest.advanceTimersByTime(100);
  stream.write(new Int16Array(480));
  expect(utterances.map(({ bufferedSamples }) => bufferedSamples)).toEqual([0, 480]);
  jest.useRealTimers();
});
