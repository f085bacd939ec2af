import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { AudioResampler, dispose } from '@livekit/rtc-node';

import { AudioSegment } from './audio-segment.ts';
import { receiveSegment } from './data-stream-audio-receiver.ts';

afterAll(() => dispose());
afterEach(() => {
  jest.restoreAllMocks();
});

/** A stream that needs resampling and cannot be closed. */
function streamOf(chunks: () => AsyncGenerator<Uint8Array>) {
  return {
    info: { attributes: { sample_rate: '16000', num_channels: '1' } },
    close: () => Promise.reject(new Error('The stream is closed.')),
    [Symbol.asyncIterator]: chunks,
  };
}

test('a stream that breaks off completes its segment and frees the resampler', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const segment = new AudioSegment({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
    throw new Error('The sender left.');
  });
  await expect(receiveSegment(stream, segment)).rejects.toThrow('The sender left.');
  expect(freed).toHaveBeenCalledTimes(1);
  segment.take(new Int16Array(48_000));
  expect(segment.isDone).toBe(true);
});

test('a stream that cannot be closed plays to its end', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const segment = new AudioSegment({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
  });
  await receiveSegment(stream, segment);
  expect(freed).toHaveBeenCalledTimes(1);
  expect(segment.bufferedSamples).toBeGreaterThan(0);
});
