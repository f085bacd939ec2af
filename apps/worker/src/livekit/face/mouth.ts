import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';

const LIPS = '#a8454a';
const INSIDE = '#4a1216';
const TONGUE = '#b9545c';
const TEETH = '#f7f3ec';

/** Draws a mouth centred on `x` and `y`, `width` pixels wide. `open` is from 0 to 1. */
export function drawMouth(
  context: SKRSContext2D,
  { x, y, width, open }: { x: number; y: number; width: number; open: number },
): void {
  const half = (width / 2) * (1 - 0.18 * open);
  const drop = width * 0.55 * open;
  const lips = new Path2D();
  lips.moveTo(x - half, y);
  lips.quadraticCurveTo(x, y - width * 0.1, x + half, y);
  lips.quadraticCurveTo(x, y + width * 0.16 + drop * 1.6, x - half, y);
  lips.closePath();
  context.save();
  context.clip(lips);
  context.fillStyle = INSIDE;
  context.fill(lips);
  if (open > 0.08) {
    context.fillStyle = TONGUE;
    ellipse(context, x, y + drop * 0.95, half * 0.6, drop * 0.4);
    context.fillStyle = TEETH;
    context.fillRect(x - half, y - width * 0.1, 2 * half, width * 0.1 + drop * 0.18);
  }
  context.restore();
  context.strokeStyle = LIPS;
  context.lineWidth = width * 0.08;
  context.lineJoin = 'round';
  context.stroke(lips);
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
