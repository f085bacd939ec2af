import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';

import type { Appearance } from './appearances.ts';
import { FACE_SIZE } from './face-size.ts';
import type { Pose } from './motion.ts';
import { ellipse } from './mouth.ts';

const CENTRE = FACE_SIZE / 2;
const EYE_Y = 247;
const SHADE = 'rgba(60, 20, 0, 0.12)';

/** Draws the head and shoulders of a stock avatar on its backdrop, without eyes and mouth. */
export function drawHead(context: SKRSContext2D, appearance: Appearance, sway: Pose['sway']): void {
  context.save();
  context.translate(sway.x, sway.y);
  drawHairBehind(context, appearance);
  context.restore();
  drawShoulders(context, appearance);
  context.save();
  context.translate(sway.x, sway.y);
  drawNeck(context, appearance);
  context.fillStyle = appearance.skin;
  ellipse(context, CENTRE - 112, 262, 18, 28);
  ellipse(context, CENTRE + 112, 262, 18, 28);
  ellipse(context, CENTRE, 250, 112, 142);
  drawHairInFront(context, appearance);
  context.strokeStyle = SHADE;
  context.lineWidth = 7;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(CENTRE + 2, 262);
  context.quadraticCurveTo(CENTRE + 20, 296, CENTRE - 4, 298);
  context.stroke();
  context.restore();
}

/** Draws the parts that do not move. */
export function drawBackdrop(context: SKRSContext2D, { backdrop }: Appearance): void {
  const gradient = context.createRadialGradient(CENTRE, 180, 40, CENTRE, 260, 400);
  gradient.addColorStop(0, backdrop[0]);
  gradient.addColorStop(1, backdrop[1]);
  context.fillStyle = gradient;
  context.fillRect(0, 0, FACE_SIZE, FACE_SIZE);
}

function drawShoulders(context: SKRSContext2D, { shirt }: Appearance): void {
  context.fillStyle = shirt;
  context.beginPath();
  context.roundRect(66, 424, 380, 200, 110);
  context.fill();
}

/** Draws the neck and, on it, the shadow of the chin. */
function drawNeck(context: SKRSContext2D, { skin }: Appearance): void {
  const neck = new Path2D();
  neck.roundRect(CENTRE - 48, 350, 96, 112, 44);
  context.fillStyle = skin;
  context.fill(neck);
  context.save();
  context.clip(neck);
  context.fillStyle = SHADE;
  ellipse(context, CENTRE, 384, 72, 32);
  context.restore();
}

function drawHairBehind(context: SKRSContext2D, { hair, hairStyle }: Appearance): void {
  context.fillStyle = hair;
  if (hairStyle === 'bun') ellipse(context, CENTRE, 92, 50, 44);
  if (hairStyle === 'long') {
    context.beginPath();
    context.roundRect(CENTRE - 136, 130, 272, 310, 120);
    context.fill();
  }
  ellipse(context, CENTRE, 222, 126, 132);
}

function drawHairInFront(context: SKRSContext2D, { hair, hairStyle }: Appearance): void {
  context.fillStyle = hair;
  const parting = hairStyle === 'short' ? 24 : -40;
  context.beginPath();
  context.moveTo(CENTRE - 114, 236);
  context.bezierCurveTo(CENTRE - 128, 56, CENTRE + 128, 56, CENTRE + 114, 236);
  context.quadraticCurveTo(CENTRE + 96, 176, CENTRE + parting, 168);
  context.quadraticCurveTo(CENTRE - 96, 176, CENTRE - 114, 236);
  context.fill();
}

/** Draws the eyes and brows of a head that does not sway. `open` is from 0 to 1. */
export function drawEyes(context: SKRSContext2D, { eyes, hair }: Appearance, open: number): void {
  for (const x of [CENTRE - 46, CENTRE + 46]) {
    const upper = lid(x, -14 * open);
    const eye = lid(x, -14 * open);
    eye.quadraticCurveTo(x, EYE_Y + 26 * open, x - 23, EYE_Y);
    eye.closePath();
    context.save();
    context.clip(eye);
    context.fillStyle = '#fbfaf7';
    context.fill(eye);
    context.fillStyle = eyes;
    ellipse(context, x, EYE_Y - 1, 10, 10);
    context.fillStyle = '#12100e';
    ellipse(context, x, EYE_Y - 1, 5, 5);
    context.fillStyle = '#ffffff';
    ellipse(context, x + 3, EYE_Y - 4, 2, 2);
    context.restore();
    context.strokeStyle = hair;
    context.lineCap = 'round';
    context.lineWidth = 4;
    context.stroke(upper);
    context.lineWidth = 8;
    context.beginPath();
    context.moveTo(x - 26, 216);
    context.quadraticCurveTo(x, 202, x + 26, 216);
    context.stroke();
  }
}

/** The edge of an upper lid from the left to the right corner of an eye, `depth` pixels below them. */
function lid(x: number, depth: number): Path2D {
  const path = new Path2D();
  path.moveTo(x - 23, EYE_Y);
  path.quadraticCurveTo(x, EYE_Y + 2 * depth, x + 23, EYE_Y);
  return path;
}
