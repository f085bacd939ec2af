import pLimit from 'p-limit';
import sharp, { type Sharp } from 'sharp';

import { schemaLimit } from '../contract/document.ts';
import { ApiError } from '../http/api-error.ts';

const MAX_PIXELS = schemaLimit('AvatarImage', 'x-max-pixels');
/** Width and height of a portrait, where the picture has as much. */
const SIDE = 1024;
const QUALITY = 90;
/** To see whether a picture can be read to its end, a small one of it is enough. */
const PROBE_SIDE = 32;
/** Decoding what may be sent takes less than a second. */
const TIMEOUT_SECONDS = 20;

// What a file is, is for the decoder to say, and it knows these formats only: an SVG, a PDF or a TIFF is not even
// looked into.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.cache(false);
sharp.concurrency(1);

/** A picture that must be decoded whole before it can be used takes 150 MB at most: two of them at a time. */
const turn = pLimit(2);

/**
 * Decodes a picture to see whether it can be used.
 *
 * @throws {ApiError} 422 where it cannot
 */
export async function checkPicture(bytes: Uint8Array): Promise<void> {
  await decoding(async () => {
    const { width, height } = await open(bytes).metadata();
    if (width * height > MAX_PIXELS) {
      throw new ApiError('image.too_many_pixels', {
        message: `The image has ${width} × ${height} pixels, and at most ${MAX_PIXELS} in all are taken. Scale it down; ${SIDE} × ${SIDE} is enough.`,
        param: 'image',
      });
    }
    await open(bytes).resize(PROBE_SIDE, PROBE_SIDE, { fit: 'inside' }).raw().toBuffer();
  });
}

/**
 * Makes the portrait of a picture: upright, square, of a size that serves, and with nothing in it but pixels.
 *
 * @throws {ApiError} 422 where the picture cannot be used
 */
export async function renderPortrait(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return decoding(async () => {
    const { autoOrient } = await open(bytes).metadata();
    const side = Math.min(SIDE, autoOrient.width, autoOrient.height);
    const portrait = open(bytes)
      .autoOrient()
      // Where there is more than a square, it keeps what draws the eye, and skin before all.
      .resize(side, side, { fit: 'cover', position: sharp.strategy.attention })
      .webp({ quality: QUALITY });
    return new Uint8Array(await portrait.toBuffer());
  });
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: false }).timeout({ seconds: TIMEOUT_SECONDS });
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await turn(work);
  } catch (error) {
    throw error instanceof ApiError ? error : refusalOf(error);
  }
}

/** The decoder tells by words alone that it knows no such format. */
function refusalOf(error: unknown): ApiError {
  if (error instanceof Error && error.message.includes('unsupported image format')) {
    return new ApiError('image.unsupported', {
      message:
        'The image is not a PNG, JPEG or WebP file, whatever its name says. Save it as one of these and send it again.',
      param: 'image',
      cause: error,
    });
  }
  return new ApiError('image.unreadable', {
    message:
      'The image is damaged or incomplete and cannot be decoded. Open it in an image editor, save it again and send the new file.',
    param: 'image',
    cause: error,
  });
}
