import { createCanvas, type Canvas } from '@napi-rs/canvas';

import { appearanceOf } from './appearances.ts';
import { drawFeatures } from './features.ts';
import { Motion } from './motion.ts';
import { FACE_SIZE, type Painter } from './painter.ts';
import { portraitPainter } from './portrait.ts';

/** Draws the video frames of an avatar's face. */
export class Face {
  readonly #canvas: Canvas = createCanvas(FACE_SIZE, FACE_SIZE);
  readonly #context = this.#canvas.getContext('2d');
  readonly #motion = new Motion();
  readonly #paint: Painter;

  private constructor(paint: Painter) {
    this.#paint = paint;
  }

  /** Creates the face of an avatar from its portrait, or from the appearance of a stock avatar. */
  static async create(avatarId: string, portrait: Uint8Array | null): Promise<Face> {
    if (portrait !== null) return new Face(await portraitPainter(portrait));
    const appearance = appearanceOf(avatarId);
    return new Face((context, pose) => drawFeatures(context, appearance, pose));
  }

  /** Returns RGBA pixels, `FACE_SIZE` squared. `loudness` is that of the speech in this frame, from 0 to 1. */
  draw(timeMs: number, loudness: number): Uint8Array {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#paint(this.#context, this.#motion.pose(timeMs, loudness));
    // Copied: the frame is read after this returns, and the next one is drawn on the same canvas.
    return new Uint8Array(this.#canvas.data());
  }
}
