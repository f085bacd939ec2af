import { randomBytes } from 'node:crypto';

import sharp from 'sharp';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

/** A picture of one colour. */
export async function plainPicture(
  format: PictureFormat = 'png',
  { width = 300, height = 200, background = '#d2691e' } = {},
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false })
    .toFormat(format)
    .toBuffer();
}

/** A picture of noise, which no format makes small. */
export async function noisyPicture(
  format: PictureFormat,
  { width = 600, height = 400 } = {},
): Promise<Buffer> {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** A colour at a place of a picture, as red, green and blue. */
export async function pixelAt(picture: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + 3)];
}

/** A square PNG, interlaced and of 16 bits per sample: of all pictures the one that takes most to decode for its pixels. */
export async function interlacedPicture(side: number): Promise<Buffer> {
  return sharp(await plainPicture('png', { width: side, height: side }))
    .toColourspace('rgb16')
    .png({ progressive: true })
    .toBuffer();
}
