import { createCanvas } from '@napi-rs/canvas';

import type { PortraitLandmarks } from '../../runtime.ts';
import { appearanceOf } from './appearances.ts';
import { FACE_SIZE } from './face-size.ts';
import { drawFeatures } from './features.ts';
import { Motion, type Pose } from './motion.ts';
import { portraitDrawing } from './portrait.ts';

/** A portrait, and where its mouth is. */
export interface Portrait {
  picture: Uint8Array;
  /** Null if it is not known. */
  landmarks: PortraitLandmarks | null;
}

/** Draws the video frames of an avatar's face. */
export class Face {
  readonly #motion = new Motion();
  readonly #draw: (pose: Pose) => Uint8Array;

  private constructor(draw: (pose: Pose) => Uint8Array) {
    this.#draw = draw;
  }

  /** Creates the face of an avatar from its portrait, or from the appearance of a stock avatar. */
  static async create(avatarId: string, portrait: Portrait | null): Promise<Face> {
    if (portrait === null) return new Face(stockDrawing(avatarId));
    const draw = await portraitDrawing(portrait.picture, portrait.landmarks);
    return new Face(({ mouth }) => draw(mouth));
  }

  /**
   * Returns RGBA pixels, `FACE_SIZE` squared. They do not change. `loudness` is that of the speech in this frame, from
   * 0 to 1.
   */
  draw(timeMs: number, loudness: number): Uint8Array {
    return this.#draw(this.#motion.pose(timeMs, loudness));
  }
}

function stockDrawing(avatarId: string): (pose: Pose) => Uint8Array {
  const appearance = appearanceOf(avatarId);
  const canvas = createCanvas(FACE_SIZE, FACE_SIZE);
  const context = canvas.getContext('2d');
  return (pose) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    drawFeatures(context, appearance, pose);
    // Copied: the frame is read after this returns, and the next one is drawn on the same canvas.
    return new Uint8Array(canvas.data());
  };
}
