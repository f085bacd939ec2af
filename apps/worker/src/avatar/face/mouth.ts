import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';

import type { Mouth } from './viseme.ts';

const LIPS = '#b4505a';
const LINE = '#8c3a42';
const INSIDE = '#4a1216';
const TONGUE = '#b9545c';
const TEETH = '#f7f3ec';
const GAP = '#cdbfb4';

interface Place {
  x: number;
  y: number;
  width: number;
}

/** Draws a mouth centred on `x` and `y`, `width` pixels wide at rest. Closed, it smiles. */
export function drawMouth(context: SKRSContext2D, place: Place, mouth: Mouth): void {
  const { x, width } = place;
  const { half, corner, top, bottom, opening } = outline(place, mouth);
  const { open, teeth } = mouth;
  const round = Math.max(0, -mouth.wide) * Math.min(1, open * 4);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = LIPS;
  context.lineWidth = width * (0.11 + 0.04 * round);
  context.stroke(opening);
  if (open <= 0.05) {
    context.strokeStyle = LINE;
    context.lineWidth = width * 0.04;
    context.stroke(curve({ x, half, corner, depth: (top + bottom) / 2, reach: 0.62 }));
    return;
  }
  context.save();
  context.clip(opening);
  context.fillStyle = INSIDE;
  context.fill(opening);
  const height = (bottom - top) * 0.75;
  context.fillStyle = TONGUE;
  if (round < 0.5) ellipse(context, x, top + height * 1.05, half * 0.6, height * 0.35);
  if (round < 0.7) {
    context.fillStyle = TEETH;
    context.beginPath();
    const edge = Math.min(corner, top);
    const shown = Math.max(top - corner, (corner - top) * 0.4) + height * (0.2 * (1 - round) + 0.9 * teeth);
    context.roundRect(x - half * (0.8 + 0.15 * teeth), edge, half * (1.6 + 0.3 * teeth), shown, width * 0.06);
    context.fill();
    if (teeth > 0.5) {
      context.strokeStyle = GAP;
      context.lineWidth = width * 0.025;
      context.stroke(curve({ x, half: half * 0.9, corner, depth: (top + bottom) / 2, reach: 0.62 }));
    }
  }
  context.restore();
}

/** Returns the edge of the opening with its dimensions: half of its width, and the heights of its corners and edges. */
function outline({ x, y, width }: Place, { open, wide }: Mouth) {
  // A mouth that is nearly closed has the width of a mouth at rest.
  const formed = Math.min(1, open * 4);
  const round = Math.max(0, -wide) * formed;
  const spread = Math.max(0, wide) * formed;
  const half = (width / 2) * (1 - 0.2 * open) * (1 + 0.16 * spread - 0.5 * round);
  const smile = width * 0.2 * (1 - round);
  const drop = width * 0.6 * open * (1 - 0.2 * spread);
  // The corners of a round mouth are in the middle of its height.
  const corner = y - width * 0.06 + round * (width * 0.1 + drop * 0.3);
  const top = corner + smile * (1 - 0.7 * open) - round * (drop * 0.75 + width * 0.06);
  const bottom = corner + smile + drop * (1 - 0.1 * round) + round * width * 0.06;
  const opening = new Path2D();
  opening.moveTo(x - half, corner);
  const upper = (0.62 + 0.3 * round) * half;
  // The lower edge is rounder, so that an open mouth is not a V.
  const lower = (0.62 + 0.33 * Math.max(open, round)) * half;
  opening.bezierCurveTo(x - upper, top, x + upper, top, x + half, corner);
  opening.bezierCurveTo(x + lower, bottom, x - lower, bottom, x - half, corner);
  opening.closePath();
  return { half, corner, top, bottom, opening };
}

/** A curve from corner to corner. */
function curve({
  x,
  half,
  corner,
  depth,
  reach,
}: {
  x: number;
  half: number;
  corner: number;
  depth: number;
  reach: number;
}): Path2D {
  const path = new Path2D();
  path.moveTo(x - half, corner);
  path.bezierCurveTo(x - half * reach, depth, x + half * reach, depth, x + half, corner);
  return path;
}

/** Fills an ellipse. */
export function ellipse(
  context: SKRSContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
): void {
  context.beginPath();
  context.ellipse(x, y, Math.max(0, radiusX), Math.max(0, radiusY), 0, 0, 2 * Math.PI);
  context.fill();
}
