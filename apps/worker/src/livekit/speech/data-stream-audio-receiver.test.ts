import { AudioResampler, dispose } from '@livekit/rtc-node';
import { afterAll, afterEach, expect, jest, test } from '@jest/globals';

import { receive } from './data-stream-audio-receiver.ts';
import { Utterance } from './audio-segment.ts';

afterAll(() => dispose());
afterEach(() => {
  jest.restoreAllMocks();
});

/** A stream at a rate that has to be converted; its sender refuses to close it. */
function streamOf(chunks: () => AsyncGenerator<Uint8Array>) {
  return {
    info: { attributes: { sample_rate: '16000', num_channels: '1' } },
    close: () => Promise.reject(new Error('The stream is closed.')),
    [Symbol.asyncIterator]: chunks,
  };
}

test('a stream that breaks off ends its utterance and frees the resampler', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const utterance = new Utterance({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
    throw new Error('The sender left.');
  });
  await expect(receive(stream, utterance)).rejects.toThrow('The sender left.');
  expect(freed).toHaveBeenCalledTimes(1);
  utterance.take(new Int16Array(48_000));
  expect(utterance.isOver).toBe(true);
});

test('a stream that cannot be closed is played to its end all the same', async () => {
  const freed = jest.spyOn(AudioResampler.prototype, 'close');
  const utterance = new Utterance({}, () => undefined);
  const stream = streamOf(async function* () {
    yield new Uint8Array(3_200);
  });
  await receive(stream, utterance);
  expect(freed).toHaveBeenCalledTimes(1);
  expect(utterance.heldSamples).toBeGreaterThan(0);
});
