import type { PortraitLandmarks } from '../../runtime.ts';

export interface Point {
  x: number;
  y: number;
}

/**
 * The mouth and the jaw of a portrait in coordinates of the face, in pixels: `x` to the right along the mouth from its
 * middle, `y` down to the chin.
 */
export class FaceGeometry {
  readonly mouthWidth: number;
  /** The direction from the mouth to the chin in the image, of length 1. */
  readonly down: Point;
  readonly chin: number;
  /** Half of the width of the jaw. */
  readonly jawHalf: number;
  readonly #right: Point;
  readonly #origin: Point;
  readonly #upperLip: readonly Point[];
  readonly #lowerLip: readonly Point[];

  /** Takes the landmarks of a square image, and its side in pixels. */
  constructor({ upper_lip, lower_lip, jaw }: PortraitLandmarks, side: number) {
    const [upperLip, lowerLip, jawLine] = [upper_lip, lower_lip, jaw].map((points) =>
      points.map(({ x, y }) => ({ x: x * side, y: y * side })),
    ) as [Point[], Point[], Point[]];
    const [left, right] = ends(lowerLip);
    this.mouthWidth = Math.max(1, Math.hypot(right.x - left.x, right.y - left.y));
    this.#right = { x: (right.x - left.x) / this.mouthWidth, y: (right.y - left.y) / this.mouthWidth };
    this.down = { x: -this.#right.y, y: this.#right.x };
    this.#origin = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
    this.#upperLip = upperLip.map((point) => this.toFace(point));
    this.#lowerLip = lowerLip.map((point) => this.toFace(point));
    const edge = jawLine.map((point) => this.toFace(point));
    this.chin = Math.max(1, ...edge.map(({ y }) => y));
    const [below, opposite] = ends(edge);
    this.jawHalf = Math.max(this.mouthWidth, opposite.x - below.x) / 2;
  }

  /** The heights of the lips' inner edges at a position across the mouth. */
  lipsAt(x: number): { upper: number; lower: number } {
    return { upper: heightAt(this.#upperLip, x), lower: heightAt(this.#lowerLip, x) };
  }

  toFace({ x, y }: Point): Point {
    const [dx, dy] = [x - this.#origin.x, y - this.#origin.y];
    return { x: dx * this.#right.x + dy * this.#right.y, y: dx * this.down.x + dy * this.down.y };
  }

  toImage({ x, y }: Point): Point {
    return {
      x: this.#origin.x + x * this.#right.x + y * this.down.x,
      y: this.#origin.y + x * this.#right.y + y * this.down.y,
    };
  }
}

function ends(points: readonly Point[]): [Point, Point] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A line of landmarks is empty.');
  return [first, last];
}

/** Returns the height of a line at a position; beyond its ends, the height of the nearer end. */
function heightAt(line: readonly Point[], x: number): number {
  const [first, last] = ends(line);
  if (x <= first.x) return first.y;
  const index = line.findIndex((point) => point.x > x);
  const [before, after] = [line[index - 1], line[index]];
  if (before === undefined || after === undefined) return last.y;
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
}
