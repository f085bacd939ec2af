import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';

import { drawFeatures } from './features.ts';
import { lookOf } from './appearances.ts';
import { Motion, type Pose } from './motion.ts';
import { portraitPainter } from './portrait.ts';
import { FACE_SIZE } from './painter.ts';

/** Paints one picture of a face that is held in this way. */
export type Painter = (context: SKRSContext2D, pose: Pose) => void;

/** A face that can be drawn, frame after frame. */
export class Face {
  readonly #canvas: Canvas = createCanvas(FACE_SIZE, FACE_SIZE);
  readonly #context = this.#canvas.getContext('2d');
  readonly #motion = new Motion();
  readonly #paint: Painter;

  private constructor(paint: Painter) {
    this.#paint = paint;
  }

  /** The face of an avatar: its portrait, or the look of a stock avatar. */
  static async of(avatarId: string, portrait: Uint8Array | null): Promise<Face> {
    if (portrait !== null) return new Face(await portraitPainter(portrait));
    const look = lookOf(avatarId);
    return new Face((context, pose) => drawFeatures(context, look, pose));
  }

  /** RGBA, FACE_SIZE squared. `loudness` of the speech in this frame, from 0 to 1. */
  draw(timeMs: number, loudness: number): Uint8Array {
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#paint(this.#context, this.#motion.pose(timeMs, loudness));
    // A copy: the frame is read after this returns, and the next one is drawn into the same canvas.
    return new Uint8Array(this.#canvas.data());
  }
}
