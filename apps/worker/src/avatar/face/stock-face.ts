import { createCanvas, type Canvas, type ImageData } from '@napi-rs/canvas';

import { appearanceOf, type Appearance } from './appearances.ts';
import { FACE_SIZE } from './face-size.ts';
import { drawBackdrop, drawEyes, drawHead } from './features.ts';
import type { Pose } from './motion.ts';
import { drawMouth } from './mouth.ts';
import type { Mouth } from './viseme.ts';

/** Part of a frame, in pixels. */
interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A part of the frame before the mouth or the eyes were drawn on it. */
interface Patch {
  left: number;
  top: number;
  skin: ImageData;
}

const MOUTH_PLACE = { x: FACE_SIZE / 2, y: 330, width: 84 };
/** Around the mouth and the eyes of a head that does not sway. */
const MOUTH: Rectangle = { left: 196, top: 300, width: 121, height: 107 };
const EYES: Rectangle = { left: 176, top: 196, width: 161, height: 71 };

/**
 * Draws a stock avatar. While the head rests, only a mouth or eyes that differ from the frame before are drawn and read
 * back: reading all pixels of a canvas costs more than drawing them.
 */
export class StockFace {
  readonly #appearance: Appearance;
  readonly #backdrop: Canvas;
  readonly #context = createCanvas(FACE_SIZE, FACE_SIZE).getContext('2d');
  /** The skin under the mouth and under the eyes. */
  #mouth: Patch | null = null;
  #eyes: Patch | null = null;
  #pixels: Uint8Array = new Uint8Array();
  #last: Pose | null = null;

  constructor(avatarId: string) {
    this.#appearance = appearanceOf(avatarId);
    this.#backdrop = createCanvas(FACE_SIZE, FACE_SIZE);
    drawBackdrop(this.#backdrop.getContext('2d'), this.#appearance);
  }

  /** Returns RGBA pixels. The next call may change them. */
  draw(pose: Pose): Uint8Array {
    const before = this.#last;
    this.#last = pose;
    if (before?.sway.x !== pose.sway.x || before.sway.y !== pose.sway.y) {
      this.#drawAll(pose);
      return this.#pixels;
    }
    if (!isSame(before.mouth, pose.mouth)) this.#drawPart(this.#mouth, () => this.#drawMouth(pose));
    if (before.eyes !== pose.eyes) this.#drawPart(this.#eyes, () => this.#drawEyes(pose));
    return this.#pixels;
  }

  #drawAll(pose: Pose): void {
    this.#context.drawImage(this.#backdrop, 0, 0);
    drawHead(this.#context, this.#appearance, pose.sway);
    this.#mouth = this.#patch(MOUTH, pose.sway);
    this.#eyes = this.#patch(EYES, pose.sway);
    this.#drawEyes(pose);
    this.#drawMouth(pose);
    this.#pixels = new Uint8Array(this.#context.canvas.data().buffer);
  }

  #drawPart(patch: Patch | null, draw: () => void): void {
    if (patch === null) return;
    const { left, top, skin } = patch;
    this.#context.putImageData(skin, left, top);
    draw();
    const { data } = this.#context.getImageData(left, top, skin.width, skin.height);
    const length = 4 * skin.width;
    for (let row = 0; row < skin.height; row += 1) {
      const to = 4 * ((top + row) * FACE_SIZE + left);
      this.#pixels.set(data.subarray(row * length, (row + 1) * length), to);
    }
  }

  #patch(part: Rectangle, { x, y }: Pose['sway']): Patch {
    const [left, top] = [part.left + Math.floor(x), part.top + Math.floor(y)];
    return { left, top, skin: this.#context.getImageData(left, top, part.width, part.height) };
  }

  #drawEyes({ eyes, sway }: Pose): void {
    this.#atHead(sway, () => drawEyes(this.#context, this.#appearance, eyes));
  }

  #drawMouth({ mouth, sway }: Pose): void {
    this.#atHead(sway, () => drawMouth(this.#context, MOUTH_PLACE, mouth));
  }

  #atHead({ x, y }: Pose['sway'], draw: () => void): void {
    this.#context.save();
    this.#context.translate(x, y);
    draw();
    this.#context.restore();
  }
}

function isSame(one: Mouth, other: Mouth): boolean {
  return one.open === other.open && one.wide === other.wide && one.teeth === other.teeth;
}
