import type { PortraitLandmarks } from '../../runtime.ts';
import { Motion, type Pose } from './motion.ts';
import { portraitDrawing } from './portrait.ts';
import { StockFace } from './stock-face.ts';

/** A portrait, and where its mouth is. */
export interface Portrait {
  image: Uint8Array;
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
    if (portrait === null) {
      const face = new StockFace(avatarId);
      return new Face((pose) => face.draw(pose));
    }
    const draw = await portraitDrawing(portrait.image, portrait.landmarks);
    return new Face(({ mouth }) => draw(mouth));
  }

  /**
   * Returns RGBA pixels, `FACE_SIZE` squared. They are the same array each time, which the next call changes. `samples`
   * are those of the speech in this frame.
   */
  draw(timeMs: number, samples: Int16Array): Uint8Array {
    return this.drawPose(this.#motion.pose(timeMs, samples));
  }

  /** The same for a given pose. */
  drawPose(pose: Pose): Uint8Array {
    return this.#draw(pose);
  }
}
