import { REST, Visemes, type Mouth } from './viseme.ts';

/** Two periods, so that blinks come at uneven intervals and look natural. */
const BLINK_PERIODS_MS = [3_100, 4_700];
const BLINK_MS = 160;
/** The part of the remaining distance that the mouth moves in one frame. It opens faster than it closes. */
const OPENING_RATE = 0.75;
const CLOSING_RATE = 0.45;
const SHAPING_RATE = 0.5;
/** A closing mouth that is open less than this is at rest. */
const MIN_OPEN = 0.02;
/** The head moves to another position and stays there for the rest of the period. */
const SWAY_PERIOD_MS = 5_300;
const SWAY_MS = 800;
const SWAY_REACH = { x: 6, y: 3 };
/** Poses are rounded to these steps, so that most frames differ little or not at all from the one before. */
const STEPS = { mouth: 1 / 32, wide: 1 / 8, teeth: 1 / 4, eyes: 1 / 8, sway: 1 / 4 };

/** The pose of a face in one video frame. */
export interface Pose {
  mouth: Mouth;
  /** From 0 (closed) to 1. */
  eyes: number;
  /** In pixels. */
  sway: { x: number; y: number };
}

/** Moves a face over time: it speaks, blinks and sways. */
export class Motion {
  readonly #visemes = new Visemes();
  #mouth = REST;

  /** Returns the pose for a frame. `samples` is the speech in this frame. */
  pose(timeMs: number, samples: Int16Array): Pose {
    this.#moveMouth(this.#visemes.next(samples));
    return {
      mouth: {
        open: rounded(this.#mouth.open, STEPS.mouth),
        wide: rounded(this.#mouth.wide, STEPS.wide),
        teeth: rounded(this.#mouth.teeth, STEPS.teeth),
      },
      eyes: rounded(Math.min(...BLINK_PERIODS_MS.map((periodMs) => openness(timeMs % periodMs))), STEPS.eyes),
      sway: swayAt(timeMs),
    };
  }

  #moveMouth(target: Mouth): void {
    const { open, wide, teeth } = this.#mouth;
    const opened = open + (target.open - open) * (target.open > open ? OPENING_RATE : CLOSING_RATE);
    // A mouth that opens from rest takes the shape of the sound at once; one that closes keeps its shape.
    const shape = target.open === 0 ? this.#mouth : target;
    const rate = open === 0 ? 1 : SHAPING_RATE;
    this.#mouth = {
      open: opened,
      wide: wide + (shape.wide - wide) * rate,
      teeth: teeth + (shape.teeth - teeth) * rate,
    };
    if (target.open === 0 && opened < MIN_OPEN) this.#mouth = REST;
  }
}

function openness(sinceBlinkMs: number): number {
  return sinceBlinkMs > BLINK_MS ? 1 : Math.abs(1 - (2 * sinceBlinkMs) / BLINK_MS);
}

function swayAt(timeMs: number): Pose['sway'] {
  const period = Math.floor(timeMs / SWAY_PERIOD_MS);
  const moved = Math.min(1, (timeMs - period * SWAY_PERIOD_MS) / SWAY_MS);
  const share = moved * moved * (3 - 2 * moved);
  const [from, to] = [placeOf(period), placeOf(period + 1)];
  return {
    x: rounded(from.x + (to.x - from.x) * share, STEPS.sway),
    y: rounded(from.y + (to.y - from.y) * share, STEPS.sway),
  };
}

/**
 * Returns the position of the head at the start of a period: the middle at first, then along a path that seems random.
 */
function placeOf(period: number): Pose['sway'] {
  return { x: SWAY_REACH.x * Math.sin(period * 2.4), y: SWAY_REACH.y * Math.sin(period * 1.7) };
}

function rounded(value: number, step: number): number {
  return Math.round(value / step) * step;
}
