import type { PortraitLandmarks } from '../../runtime.ts';
import { FaceGeometry, type Point } from './face-geometry.ts';
import { lipLine } from './lip-line.ts';

/** How far the lower lip moves down when the mouth is wide open, in widths of the mouth. */
const MAX_DROP = 0.26;
/** How far it moves down at most, in distances from the mouth to the chin. */
const MAX_DROP_OF_CHIN = 0.5;
/** The length below the chin over which the movement fades out, in distances from the mouth to the chin. */
const FADE = 0.9;
/** The height from which the whole jaw moves, in distances from the mouth to the chin. Above it, only the lip moves. */
const JAW_HEIGHT = 0.8;
/** The colour inside the mouth as shares of the lip's colour: under the upper lip, and above the lower one. */
const INSIDE = { top: 0.1, bottom: 0.3 };
/** The width of the opening of a round mouth, in widths of the mouth. */
const ROUND_WIDTH = 0.6;
/** Iterations to find the origin of a pixel, starting from the result for the pixel above it. */
const STEPS = 2;

/** For each pixel of a region, from 0 to 1. */
interface Movement {
  gap: Float32Array;
  weight: Float32Array;
}

/**
 * Opens the mouth of a portrait: moves the lower lip and the jaw down, and darkens the gap that they leave. All other
 * pixels stay those of the portrait.
 */
export class MouthWarp {
  readonly #pixels: Uint8Array;
  readonly #side: number;
  readonly #down: Point;
  readonly #maxDrop: number;
  readonly #lip: readonly number[];
  /** The pixels that can change. The arrays have an entry for each of them. */
  readonly #region: { left: number; top: number; width: number; height: number };
  /** How far each pixel is below the line where the lips part, in pixels. */
  readonly #below: Float32Array;
  /** How far the lower lip moves below or above it, and how far the pixel itself moves, from 0 to 1. */
  readonly #wide: Movement;
  /** The same for a round mouth. */
  readonly #round: Movement;
  /** The mixture of both for the mouth that is drawn. */
  readonly #mixed: Movement;
  /** How far the pixel that is shown there has moved, in pixels. */
  readonly #moved: Float32Array;
  readonly #output: Uint8Array;
  /** How round `#mixed` is. */
  #mixedFor = -1;

  /** Takes the RGBA pixels of a square portrait. */
  constructor(pixels: Uint8Array, side: number, landmarks: PortraitLandmarks) {
    const face = new FaceGeometry(landmarks, side);
    this.#pixels = pixels;
    this.#side = side;
    this.#down = face.down;
    this.#maxDrop = Math.min(MAX_DROP * face.mouthWidth, MAX_DROP_OF_CHIN * face.chin);
    this.#lip = lipColour(pixels, side, face);
    this.#region = regionOf(face, side);
    const { left, top, width, height } = this.#region;
    this.#below = new Float32Array(width * height);
    this.#wide = movement(width * height);
    this.#round = movement(width * height);
    this.#mixed = movement(width * height);
    this.#output = new Uint8Array(pixels);
    this.#moved = new Float32Array(width * height);
    const line = lipLine(pixels, side, face);
    for (let at = 0; at < width * height; at += 1) {
      const { x, y } = face.toFace({ x: left + (at % width), y: top + Math.floor(at / width) });
      const column = Math.round(x + (line.length - 1) / 2);
      const lipHeight = line[Math.min(Math.max(0, column), line.length - 1)] ?? 0;
      this.#below[at] = y - lipHeight;
      for (const [part, narrowing] of [
        [this.#wide, 1],
        [this.#round, ROUND_WIDTH],
      ] as const) {
        const mouthWidth = face.mouthWidth * narrowing;
        part.gap[at] = arc(x / (mouthWidth / 2));
        part.weight[at] = weightOf(face, { x, y }, { lipHeight, mouthWidth });
      }
    }
  }

  /**
   * Returns the pixels of the portrait with its mouth opened and rounded, each from 0 to 1. The next call changes the
   * array.
   */
  draw(open: number, round = 0): Uint8Array {
    const output = this.#output;
    this.#reset();
    if (open === 0) return output;
    const { left, top, width, height } = this.#region;
    const drop = open * this.#maxDrop;
    this.#mix(round);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const at = row * width + column;
        const below = this.#below[at] ?? 0;
        this.#moved[at] = 0;
        if (below < 0) continue;
        const gap = drop * (this.#mixed.gap[at] ?? 0);
        const target = ((top + row) * this.#side + left + column) * 4;
        // Partly covered pixels at the edge of the lip are mixed.
        const lip = Math.min(1, Math.max(0, below - gap + 0.5));
        if (lip === 0) this.#moved[at] = gap;
        else this.#drawMoved(output, target, Math.min(below, this.#findMoved(column, row, drop)), at);
        if (lip < 1) this.#darken(output, target, below / gap, (1 - lip) * Math.min(1, below + 0.5, gap));
      }
    }
    return output;
  }

  #findMoved(column: number, row: number, drop: number): number {
    const { width, height } = this.#region;
    const { weight } = this.#mixed;
    let moved = row === 0 ? 0 : (this.#moved[(row - 1) * width + column] ?? 0);
    for (let step = 0; step < STEPS; step += 1) {
      const y = Math.min(Math.max(0, row - moved * this.#down.y), height - 1.001);
      const x = Math.min(Math.max(0, Math.round(column - moved * this.#down.x)), width - 1);
      const above = Math.floor(y);
      const at = above * width + x;
      const share = y - above;
      moved = drop * ((weight[at] ?? 0) * (1 - share) + (weight[at + width] ?? 0) * share);
    }
    return moved;
  }

  /** Restores the region from the portrait. */
  #reset(): void {
    const { left, top, width, height } = this.#region;
    for (let row = top; row < top + height; row += 1) {
      const [from, to] = [left, left + width].map((x) => 4 * (row * this.#side + x));
      this.#output.set(this.#pixels.subarray(from, to), from);
    }
  }

  #mix(round: number): void {
    if (round === this.#mixedFor) return;
    this.#mixedFor = round;
    for (const name of ['gap', 'weight'] as const) {
      const [mixed, wide, narrow] = [this.#mixed[name], this.#wide[name], this.#round[name]];
      for (let at = 0; at < mixed.length; at += 1) {
        mixed[at] = (wide[at] ?? 0) * (1 - round) + (narrow[at] ?? 0) * round;
      }
    }
  }

  /** Draws a pixel that has moved, interpolated from the four pixels around its origin. */
  #drawMoved(output: Uint8Array, target: number, moved: number, at: number): void {
    this.#moved[at] = moved;
    if (moved === 0) return;
    const side = this.#side;
    const pixel = target / 4;
    const x = Math.min(Math.max(0, (pixel % side) - moved * this.#down.x), side - 1.001);
    const y = Math.min(Math.max(0, Math.floor(pixel / side) - moved * this.#down.y), side - 1.001);
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [right, lower] = [x - column, y - row];
    const from = (row * side + column) * 4;
    const shares = [(1 - right) * (1 - lower), right * (1 - lower), (1 - right) * lower, right * lower];
    for (let channel = 0; channel < 3; channel += 1) {
      const first = from + channel;
      output[target + channel] =
        (this.#pixels[first] ?? 0) * (shares[0] ?? 0) +
        (this.#pixels[first + 4] ?? 0) * (shares[1] ?? 0) +
        (this.#pixels[first + side * 4] ?? 0) * (shares[2] ?? 0) +
        (this.#pixels[first + side * 4 + 4] ?? 0) * (shares[3] ?? 0) +
        0.5;
    }
  }

  #darken(output: Uint8Array, target: number, depth: number, opacity: number): void {
    const share = INSIDE.top + (INSIDE.bottom - INSIDE.top) * Math.min(1, depth) ** 2;
    for (let channel = 0; channel < 3; channel += 1) {
      const before = output[target + channel] ?? 0;
      output[target + channel] = before + ((this.#lip[channel] ?? 0) * share - before) * opacity + 0.5;
    }
  }
}

/** Returns the rectangle around everything that moves. */
function regionOf(face: FaceGeometry, side: number) {
  const top = -face.mouthWidth / 4;
  const bottom = face.chin * (1 + FADE) + MAX_DROP * face.mouthWidth;
  const corners = [-face.jawHalf, face.jawHalf].flatMap((x) =>
    [top, bottom].map((y) => face.toImage({ x, y })),
  );
  const range = (values: number[]) =>
    [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))].map((value) =>
      Math.min(Math.max(0, value), side),
    ) as [number, number];
  const [left, right] = range(corners.map(({ x }) => x));
  const [upper, lower] = range(corners.map(({ y }) => y));
  return { left, top: upper, width: right - left, height: lower - upper };
}

function movement(count: number): Movement {
  return { gap: new Float32Array(count), weight: new Float32Array(count) };
}

function weightOf(
  face: FaceGeometry,
  { x, y }: Point,
  { lipHeight, mouthWidth }: { lipHeight: number; mouthWidth: number },
): number {
  const jaw = smooth((y - lipHeight) / (JAW_HEIGHT * face.chin));
  const half = mouthWidth / 2 + (face.jawHalf - mouthWidth / 2) * jaw;
  const fade = 1 - smooth((y - face.chin) / (FADE * face.chin));
  return (arc(x / half) * (1 - jaw) + bell(x / half) * jaw) * fade;
}

/** Returns the mean colour of the lower lip. */
function lipColour(pixels: Uint8Array, side: number, face: FaceGeometry): number[] {
  const samples = Array.from({ length: 21 }, (_, index) => {
    const x = (index / 20 - 0.5) * 0.5 * face.mouthWidth;
    const point = face.toImage({ x, y: face.lipsAt(x).lower + 0.06 * face.mouthWidth });
    return (Math.round(point.y) * side + Math.round(point.x)) * 4;
  });
  return [0, 1, 2].map(
    (channel) => samples.reduce((sum, at) => sum + (pixels[at + channel] ?? 0), 0) / samples.length,
  );
}

/** From 1 in the middle to 0 at ±1, along a parabola. */
function arc(position: number): number {
  return Math.max(0, 1 - position ** 2);
}

/** From 1 in the middle to 0 at ±1, smooth at both ends. */
function bell(position: number): number {
  return Math.abs(position) >= 1 ? 0 : Math.cos((position * Math.PI) / 2) ** 2;
}

/** From 0 at 0 to 1 at 1, smooth at both ends. */
function smooth(position: number): number {
  const t = Math.min(Math.max(0, position), 1);
  return t * t * (3 - 2 * t);
}
