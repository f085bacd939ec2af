import FFT from 'fft.js';

import { SAMPLE_RATE } from '../speech/pcm.ts';

/** Samples that are analysed: at most 43 ms. Fewer are padded with silence. */
const SIZE = 1024;
const HERTZ_PER_BIN = SAMPLE_RATE / SIZE;
/** The bands that tell mouth shapes apart, in hertz. */
const BANDS = {
  /** The first formant of a nearly closed mouth, as in "oo", "ee" and "m". */
  close: [120, 480],
  /** The first formant of an open mouth, as in "aa". */
  open: [560, 1_050],
  /** The second formant of a round mouth. */
  back: [600, 1_300],
  /** The second formant of a wide mouth, as in "ee". */
  front: [1_600, 3_000],
  /** The noise of "s" and "f". */
  hiss: [4_000, 11_000],
  all: [80, 11_000],
} as const satisfies Record<string, readonly [number, number]>;

/** The energy in each band, as a share of the total. */
export type Spectrum = Record<Exclude<keyof typeof BANDS, 'all'>, number>;

const fft = new FFT(SIZE);
const input = new Float64Array(SIZE);
const output = new Float64Array(2 * SIZE);

/** Returns the spectrum of the first 1,024 samples. In silence, all shares are 0. */
export function spectrumOf(samples: Int16Array): Spectrum {
  const count = Math.min(samples.length, SIZE);
  input.fill(0);
  for (let at = 0; at < count; at += 1) {
    // The Hann window.
    input[at] = ((samples[at] ?? 0) / 32_768) * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / count));
  }
  fft.realTransform(output, input);
  const total = energy(BANDS.all);
  const share = (band: readonly [number, number]) => (total > 0 ? energy(band) / total : 0);
  const { close, open, back, front, hiss } = BANDS;
  return {
    close: share(close),
    open: share(open),
    back: share(back),
    front: share(front),
    hiss: share(hiss),
  };
}

function energy([from, to]: readonly [number, number]): number {
  let sum = 0;
  for (let bin = Math.ceil(from / HERTZ_PER_BIN); bin <= to / HERTZ_PER_BIN; bin += 1) {
    sum += (output[2 * bin] ?? 0) ** 2 + (output[2 * bin + 1] ?? 0) ** 2;
  }
  return sum;
}
