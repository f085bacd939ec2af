import type { PortraitLandmarks } from '../../runtime.ts';
import { Motion, type Pose } from './motion.ts';
import { portraitDrawing } from './portrait.ts';
import { StockFace } from './stock-face.ts';

/** A portrait, and where its mouth is. */
export interface Portrait {
  image: Uint8Array;
  /** Null when unknown. */
  landmarks: PortraitLandmarks | null;
}

/** Draws the video frames of an avatar's face. */
export class Face {
  readonly #motion = new Motion();
  readonly #draw: (pose: Pose) => Uint8Array;
  /** Returns the part of a pose that the face shows. */
  readonly #shownOf: (pose: Pose) => object;
  #shown = '';
  #version = 0;

  private constructor(draw: (pose: Pose) => Uint8Array, shownOf: (pose: Pose) => object) {
    this.#draw = draw;
    this.#shownOf = shownOf;
  }

  /** Creates the face of an avatar from its portrait, or from the appearance of a stock avatar. */
  static async create(avatarId: string, portrait: Portrait | null): Promise<Face> {
    if (portrait === null) {
      const face = new StockFace(avatarId);
      return new Face(
        (pose) => face.draw(pose),
        (pose) => pose,
      );
    }
    const draw = await portraitDrawing(portrait.image, portrait.landmarks);
    return new Face(
      ({ mouth }) => draw(mouth),
      ({ mouth }) => mouth,
    );
  }

  /** A number that changes with the pixels: frames with the same number are equal. */
  get version(): number {
    return this.#version;
  }

  /**
   * Returns RGBA pixels, `FACE_SIZE` squared, in one array that the next call changes. `samples` is the speech in this
   * frame.
   */
  draw(timeMs: number, samples: Int16Array): Uint8Array {
    return this.drawPose(this.#motion.pose(timeMs, samples));
  }

  /** Returns the pixels for a pose, in the same array. */
  drawPose(pose: Pose): Uint8Array {
    const shown = JSON.stringify(this.#shownOf(pose));
    if (shown !== this.#shown) this.#version += 1;
    this.#shown = shown;
    return this.#draw(pose);
  }
}
