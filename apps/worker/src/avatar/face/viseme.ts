import { loudness } from '../speech/pcm.ts';
import { spectrumOf } from './spectrum.ts';

/** Quieter sound counts as silence: a little above the noise of a microphone. */
const MIN_LOUDNESS = 0.003;
/** Loudness of normal speech, at which the mouth is fully open. */
const FULL_LOUDNESS = 0.16;
/** How far the mouth opens for a sound whose spectrum says closed, such as "oo", and for one that says open, "aa". */
const OPENING = { close: 0.42, open: 1 };
/** The opening and the width of the mouth for "s" and "f". */
const HISSING = { open: 0.16, wide: 0.35 };
/** The weight of a wide mouth's second formant relative to a round one's: the voice has less energy there. */
const FRONT_GAIN = 6;
/** Shares of a hum ("m", "n"): nearly all energy in the lowest band, and this part of recent loudness. */
const HUM = { minClose: 0.85, maxBack: 0.01, maxOfRecent: 0.55 };
/** How much of the recent loudness is left after one frame. */
const RECENT_DECAY = 0.97;

/** The shape of a mouth. */
export interface Mouth {
  /** From 0 (closed) to 1. */
  open: number;
  /** From -1 (round, as in "oo") to 1 (wide, as in "ee"). */
  wide: number;
  /** How far the teeth are together, as in "s", from 0 to 1. */
  teeth: number;
}

/** A mouth in silence. */
export const REST: Mouth = { open: 0, wide: 0, teeth: 0 };

/** Finds the shape of the mouth from the loudness and the spectrum of speech. */
export class Visemes {
  #recent = 0;

  /** Returns the shape that a mouth has for the samples of one frame. */
  next(samples: Int16Array): Mouth {
    const level = loudness(samples);
    this.#recent = Math.max(level, this.#recent * RECENT_DECAY);
    if (level < MIN_LOUDNESS) return REST;
    const spectrum = spectrumOf(samples);
    const { close, open, back, hiss } = spectrum;
    const isHum = close > HUM.minClose && back < HUM.maxBack && level < this.#recent * HUM.maxOfRecent;
    if (isHum) return REST;
    const openness = ratio(open, close);
    const front = ratio(FRONT_GAIN * spectrum.front, back);
    const wide = ramp(front, 0.2, 0.65);
    const round = (1 - ramp(front, 0, 0.2)) * (1 - openness ** 4) * 1.15;
    const jaw = OPENING.close + (OPENING.open - OPENING.close) * openness;
    const voiced: Mouth = {
      open: Math.min(1, Math.sqrt(level / FULL_LOUDNESS)) * jaw,
      wide: wide - Math.min(1, round),
      teeth: 0,
    };
    return mix(voiced, { ...HISSING, teeth: 1 }, ramp(hiss, 0.3, 0.7));
  }
}

/** Returns a shape between two others. `share` is the share of the second one. */
export function mix(one: Mouth, other: Mouth, share: number): Mouth {
  const between = (from: number, to: number) => from + (to - from) * share;
  return {
    open: between(one.open, other.open),
    wide: between(one.wide, other.wide),
    teeth: between(one.teeth, other.teeth),
  };
}

function ratio(part: number, rest: number): number {
  return part + rest > 0 ? part / (part + rest) : 0;
}

/** Rises from 0 at `from` to 1 at `to`. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
