/** Two periods, so that blinks come at uneven intervals and look natural. */
const BLINK_PERIODS_MS = [3_100, 4_700];
const BLINK_MS = 160;
/** Quieter sound counts as silence: a little above the noise of a microphone. */
const MIN_LOUDNESS = 0.003;
/** Loudness of normal speech, at which the mouth is fully open. */
const FULL_LOUDNESS = 0.16;
/** The part of the remaining way that the mouth moves in one frame. It opens faster than it closes. */
const OPENING_RATE = 0.75;
const CLOSING_RATE = 0.45;

/** The pose of a face in one video frame. */
export interface Pose {
  /** From 0 (closed) to 1. */
  mouth: number;
  /** From 0 (closed) to 1. */
  eyes: number;
  /** In pixels. */
  sway: { x: number; y: number };
}

/** Moves a face over time: it speaks, blinks and sways. */
export class Motion {
  #mouth = 0;

  pose(timeMs: number, loudness: number): Pose {
    const target = loudness < MIN_LOUDNESS ? 0 : Math.min(1, Math.sqrt(loudness / FULL_LOUDNESS));
    this.#mouth += (target - this.#mouth) * (target > this.#mouth ? OPENING_RATE : CLOSING_RATE);
    if (target === 0 && this.#mouth < 0.02) this.#mouth = 0;
    const seconds = timeMs / 1000;
    return {
      mouth: this.#mouth,
      eyes: Math.min(...BLINK_PERIODS_MS.map((periodMs) => openness(timeMs % periodMs))),
      sway: { x: 4 * Math.sin(seconds * 0.9) + 2 * Math.sin(seconds * 1.7), y: 3 * Math.sin(seconds * 1.3) },
    };
  }
}

function openness(sinceBlinkMs: number): number {
  return sinceBlinkMs > BLINK_MS ? 1 : Math.abs(1 - (2 * sinceBlinkMs) / BLINK_MS);
}
