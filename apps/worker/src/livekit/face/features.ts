import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Appearance } from './appearances.ts';
import { FACE_SIZE } from './face-size.ts';
import type { Pose } from './motion.ts';
import { drawMouth, ellipse } from './mouth.ts';

const CENTRE = FACE_SIZE / 2;
const SHADE = 'rgba(60, 20, 0, 0.12)';

/** Draws the head and shoulders of a stock avatar. */
export function drawFeatures(context: SKRSContext2D, appearance: Appearance, pose: Pose): void {
  drawBackdrop(context, appearance);
  context.save();
  context.translate(pose.sway.x, pose.sway.y);
  drawHairBehind(context, appearance);
  context.restore();
  drawShoulders(context, appearance);
  context.translate(pose.sway.x, pose.sway.y);
  context.fillStyle = appearance.skin;
  ellipse(context, CENTRE - 112, 262, 18, 28);
  ellipse(context, CENTRE + 112, 262, 18, 28);
  ellipse(context, CENTRE, 250, 112, 142);
  drawHairInFront(context, appearance);
  drawEyes(context, appearance, pose.eyes);
  context.strokeStyle = SHADE;
  context.lineWidth = 7;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(CENTRE + 2, 262);
  context.quadraticCurveTo(CENTRE + 20, 296, CENTRE - 4, 298);
  context.stroke();
  drawMouth(context, { x: CENTRE, y: 330, width: 84, open: pose.mouth });
}

function drawBackdrop(context: SKRSContext2D, { backdrop }: Appearance): void {
  const gradient = context.createRadialGradient(CENTRE, 180, 40, CENTRE, 260, 400);
  gradient.addColorStop(0, backdrop[0]);
  gradient.addColorStop(1, backdrop[1]);
  context.fillStyle = gradient;
  context.fillRect(0, 0, FACE_SIZE, FACE_SIZE);
}

function drawShoulders(context: SKRSContext2D, { shirt, skin }: Appearance): void {
  context.fillStyle = shirt;
  context.beginPath();
  context.roundRect(66, 424, 380, 200, 110);
  context.fill();
  context.fillStyle = skin;
  context.beginPath();
  context.roundRect(CENTRE - 48, 350, 96, 108, 44);
  context.fill();
  context.fillStyle = SHADE;
  ellipse(context, CENTRE, 396, 52, 22);
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

function drawEyes(context: SKRSContext2D, { eyes, hair, skin }: Appearance, open: number): void {
  for (const x of [CENTRE - 46, CENTRE + 46]) {
    context.fillStyle = '#fbfaf7';
    ellipse(context, x, 246, 22, 14 * open);
    context.fillStyle = eyes;
    ellipse(context, x, 246, 10, Math.min(10, 14 * open));
    context.fillStyle = '#12100e';
    ellipse(context, x, 246, 5, Math.min(5, 14 * open));
    context.strokeStyle = open < 0.3 ? hair : skin;
    context.lineWidth = 4;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(x - 22, 248);
    context.quadraticCurveTo(x, 246 - 22 * open, x + 22, 248);
    context.stroke();
    context.strokeStyle = hair;
    context.lineWidth = 8;
    context.beginPath();
    context.moveTo(x - 26, 216);
    context.quadraticCurveTo(x, 202, x + 26, 214);
    context.stroke();
  }
}
