import { AudioFrame, AudioResampler } from '@livekit/rtc-node';

import { SAMPLE_RATE } from './pcm.ts';

/** Converts samples of another rate to `SAMPLE_RATE`. */
export class Resampler {
  readonly #resampler: AudioResampler | null;
  readonly #rate: number;

  constructor(rate: number) {
    this.#rate = rate;
    this.#resampler = rate === SAMPLE_RATE ? null : new AudioResampler(rate, SAMPLE_RATE, 1);
  }

  convert(samples: Int16Array): Int16Array[] {
    if (this.#resampler === null) return [samples];
    return this.#resampler
      .push(new AudioFrame(samples, this.#rate, 1, samples.length))
      .map(({ data }) => data);
  }

  /** Returns the samples that are still buffered. */
  flush(): Int16Array[] {
    return this.#resampler?.flush().map(({ data }) => data) ?? [];
  }

  /** Frees the native resampler. */
  close(): void {
    this.#resampler?.close();
  }
}
