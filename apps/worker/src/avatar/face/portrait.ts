import { createCanvas, loadImage } from '@napi-rs/canvas';

import type { PortraitLandmarks } from '../../runtime.ts';
import { FACE_SIZE } from './face-size.ts';
import { MouthWarp } from './mouth-warp.ts';
import type { Mouth } from './viseme.ts';

/** Draws the video frames of a portrait. A closed mouth is that of the portrait. The next call changes the array. */
export type DrawPortrait = (mouth: Mouth) => Uint8Array;

/** The mouth's roundness is rounded to this step, because a portrait shows fewer shapes than a drawn face. */
const ROUND_STEP = 1 / 4;

/** Returns the function that draws a portrait. Without landmarks, its mouth does not move. */
export async function portraitDrawing(
  portrait: Uint8Array,
  landmarks: PortraitLandmarks | null,
): Promise<DrawPortrait> {
  const image = await loadImage(portrait);
  const canvas = createCanvas(FACE_SIZE, FACE_SIZE);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, FACE_SIZE, FACE_SIZE);
  const pixels = new Uint8Array(canvas.data());
  if (!landmarks) return () => pixels;
  const warp = new MouthWarp(pixels, FACE_SIZE, landmarks);
  let last = { open: 0, round: 0 };
  let drawn = warp.draw(0);
  return ({ open, wide }) => {
    const round = Math.round(Math.max(0, -wide) / ROUND_STEP) * ROUND_STEP;
    if (open !== last.open || (open > 0 && round !== last.round)) drawn = warp.draw(open, round);
    last = { open, round };
    return drawn;
  };
}
