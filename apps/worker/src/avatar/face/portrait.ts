import { createCanvas, loadImage } from '@napi-rs/canvas';

import type { PortraitLandmarks } from '../../runtime.ts';
import { FACE_SIZE } from './face-size.ts';
import { MouthWarp } from './mouth-warp.ts';

/** Draws the video frames of a portrait. `mouth` is from 0, which is the portrait itself, to 1. */
export type DrawPortrait = (mouth: number) => Uint8Array;

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
  return (mouth) => (mouth === 0 ? pixels : warp.draw(mouth));
}
