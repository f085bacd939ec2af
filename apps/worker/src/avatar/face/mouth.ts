import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';

const LIPS = '#b4505a';
const LINE = '#8c3a42';
const INSIDE = '#4a1216';
const TONGUE = '#b9545c';
const TEETH = '#f7f3ec';

interface Mouth {
  x: number;
  y: number;
  width: number;
  /** From 0 (closed) to 1. */
  open: number;
}

/** Draws a mouth centred on `x` and `y`, `width` pixels wide. Closed, it smiles. */
export function drawMouth(context: SKRSContext2D, { x, y, width, open }: Mouth): void {
  const half = (width / 2) * (1 - 0.2 * open);
  const corner = y - width * 0.06;
  const smile = width * 0.2;
  const top = corner + smile * (1 - 0.7 * open);
  const bottom = corner + smile + width * 0.6 * open;
  // The lower edge is rounder, so that an open mouth is no V.
  const edge = (path: Path2D, depth: number, direction: 1 | -1) => {
    const reach = half * (direction === 1 ? 0.62 : 0.62 + 0.33 * open) * direction;
    path.bezierCurveTo(x - reach, depth, x + reach, depth, x + half * direction, corner);
  };
  const opening = new Path2D();
  opening.moveTo(x - half, corner);
  edge(opening, top, 1);
  edge(opening, bottom, -1);
  opening.closePath();

  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = LIPS;
  context.lineWidth = width * 0.11;
  context.stroke(opening);
  if (open > 0.05) {
    context.save();
    context.clip(opening);
    context.fillStyle = INSIDE;
    context.fill(opening);
    const height = (bottom - top) * 0.75;
    context.fillStyle = TONGUE;
    ellipse(context, x, top + height * 1.05, half * 0.6, height * 0.35);
    context.fillStyle = TEETH;
    context.beginPath();
    context.roundRect(x - half * 0.8, corner, half * 1.6, top - corner + height * 0.2, width * 0.06);
    context.fill();
    context.restore();
  } else {
    context.strokeStyle = LINE;
    context.lineWidth = width * 0.04;
    const line = new Path2D();
    line.moveTo(x - half, corner);
    edge(line, (top + bottom) / 2, 1);
    context.stroke(line);
  }
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
