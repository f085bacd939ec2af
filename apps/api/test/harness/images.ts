import { randomBytes } from 'node:crypto';

import { photograph } from '@greenroom/testing';
import sharp from 'sharp';

export type ImageFormat = 'png' | 'jpeg' | 'webp';

/** Returns an image of one colour. */
export async function plainImage(
  format: ImageFormat = 'png',
  { width = 300, height = 200, background = '#d2691e' } = {},
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false })
    .toFormat(format)
    .toBuffer();
}

/** Returns a square photograph of a face. */
export async function faceImage(format: ImageFormat = 'jpeg', { side = 330 } = {}): Promise<Buffer> {
  return sharp(await photograph('face'))
    .resize(side, side)
    .toFormat(format)
    .toBuffer();
}

/** Returns an image of noise, which no format compresses well. */
export async function noisyImage(format: ImageFormat, { width = 600, height = 400 } = {}): Promise<Buffer> {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Returns the colour of a pixel as red, green and blue. */
export async function pixelAt(image: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + 3)];
}

/** Returns a square PNG, interlaced and with 16 bits per sample, which takes the most memory to decode for its pixels. */
export async function interlacedImage(side: number): Promise<Buffer> {
  return sharp(await plainImage('png', { width: side, height: side }))
    .toColourspace('rgb16')
    .png({ progressive: true })
    .toBuffer();
}
