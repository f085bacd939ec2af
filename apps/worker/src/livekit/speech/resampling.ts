import { AudioFrame, AudioResampler } from '@livekit/rtc-node';

import { SAMPLE_RATE } from './samples.ts';

/** Brings sound of another sample rate to ours. */
export class Resampling {
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

  /** What it still holds; afterwards it is of no more use. */
  finish(): Int16Array[] {
    if (this.#resampler === null) return [];
    const rest = this.#resampler.flush().map(({ data }) => data);
    this.#resampler.close();
    return rest;
  }
}
