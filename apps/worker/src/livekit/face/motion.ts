/** Blinks come at uneven times, or they look like a machine's. */
const BLINK_EVERY_MS = [3_100, 4_700];
const BLINK_MS = 160;
/** Loudness of ordinary speech, at which the mouth is wide open. */
const FULL_LOUDNESS = 0.16;
/** How much of the way the mouth goes in one frame: it opens faster than it closes. */
const OPENING = 0.75;
const CLOSING = 0.45;

/** How the face is held at a moment. */
export interface Pose {
  /** From 0, closed, to 1. */
  mouth: number;
  /** From 0, shut, to 1. */
  eyes: number;
  /** In pixels. */
  sway: { x: number; y: number };
}

/** The motion of a face over time: it speaks, blinks and never stands quite still. */
export class Motion {
  #mouth = 0;

  pose(timeMs: number, loudness: number): Pose {
    const target = Math.min(1, Math.sqrt(loudness / FULL_LOUDNESS));
    this.#mouth += (target - this.#mouth) * (target > this.#mouth ? OPENING : CLOSING);
    if (target === 0 && this.#mouth < 0.02) this.#mouth = 0;
    const seconds = timeMs / 1000;
    return {
      mouth: this.#mouth,
      eyes: Math.min(...BLINK_EVERY_MS.map((every) => openness(timeMs % every))),
      sway: { x: 4 * Math.sin(seconds * 0.9) + 2 * Math.sin(seconds * 1.7), y: 3 * Math.sin(seconds * 1.3) },
    };
  }
}

function openness(sinceBlinkMs: number): number {
  return sinceBlinkMs > BLINK_MS ? 1 : Math.abs(1 - (2 * sinceBlinkMs) / BLINK_MS);
}
