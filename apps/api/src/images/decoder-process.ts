/** The process that decodes images, so that an image that crashes the decoder does not stop the API. */
import sharp, { type Metadata, type Sharp } from 'sharp';

import { findFaces, loadFaceFinder, pixelsToSearch } from './face-finder.ts';
import type { DecodeError, DecodeLimits, DecodeRequest, DecodeResponse, DecoderState } from './ipc.ts';
import { framePortrait } from './portrait-frame.ts';

/** Width and height of a portrait, unless its source image is smaller. */
const PORTRAIT_SIDE = 1024;
const QUALITY = 90;
/** A small version is enough to find out whether an image can be decoded completely. */
const PROBE_SIDE = 32;
/** Bytes per sample of the formats of libvips; other formats have one byte. */
const SAMPLE_BYTES: Partial<Record<string, number>> = { ushort: 2, short: 2, uint: 4, int: 4, float: 4 };
const MEMORY_CHECK_MS = 50;

const maxResidentBytes = Number(process.argv[2]);

// Detects the format from the bytes and opens only these: no SVG, PDF or TIFF.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.cache(false);
sharp.concurrency(1);

process.on('message', (message) => {
  respond(message as DecodeRequest).catch(() => process.exit(1));
});
process.on('disconnect', () => process.exit(0));
// A signal to the process group ends the API, which ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Images are decoded on other threads, so this one can watch the memory. It also finds faces, in a small version.
setInterval(() => {
  if (process.memoryUsage.rss() > maxResidentBytes) process.exit(1);
}, MEMORY_CHECK_MS).unref();

sendState('ready');

async function respond(request: DecodeRequest): Promise<void> {
  const response = await decode(request);
  process.send?.(response);
}

function sendState(kind: DecoderState['kind']): void {
  process.send?.({ kind } satisfies DecoderState);
}

/** Thrown when sharp cannot decode the image. */
class ImageError extends Error {
  override readonly name = 'ImageError';
}

async function decode({ task, bytes, limits }: DecodeRequest): Promise<DecodeResponse> {
  try {
    const metadata = await bySharp(open(bytes).metadata());
    const tooLarge = excess(metadata, limits);
    if (tooLarge !== null) return tooLarge;
    return await (task === 'check' ? check(bytes) : render(bytes, metadata));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ImageError)) return { error: 'internal', message };
    // sharp has no error code for an unsupported format.
    return { error: message.includes('unsupported image format') ? 'unsupported' : 'unreadable' };
  }
}

/** @throws {ImageError} when `result` rejects */
async function bySharp<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    throw new ImageError(error instanceof Error ? error.message : String(error));
  }
}

/** Returns the response for an image that exceeds the limits according to its header; null within the limits. */
function excess(metadata: Metadata, { maxPixels, maxDecodedBytes }: DecodeLimits): DecodeError | null {
  const { width, height, channels, depth, isProgressive } = metadata;
  // An interlaced or progressive image is held in memory in addition to the result.
  const copies = isProgressive ? 2 : 1;
  const decodedBytes = width * height * channels * (SAMPLE_BYTES[depth] ?? 1) * copies;
  const isTooLarge = width * height > maxPixels || decodedBytes > maxDecodedBytes;
  return isTooLarge ? { error: 'too_large', width, height, decodedBytes } : null;
}

async function check(bytes: Uint8Array): Promise<DecodeResponse> {
  await bySharp(open(bytes).resize(PROBE_SIDE, PROBE_SIDE, { fit: 'inside' }).raw().toBuffer());
  return { kind: 'checked' };
}

/** Renders an upright square around the face, without metadata. */
async function render(bytes: Uint8Array, { autoOrient }: Metadata): Promise<DecodeResponse> {
  const pixels = await bySharp(pixelsToSearch(open(bytes).autoOrient()));
  sendState('loading');
  await loadFaceFinder();
  sendState('ready');
  const frame = framePortrait(await findFaces(pixels, autoOrient), autoOrient);
  if ('failure' in frame) return { kind: 'no_portrait', failure: frame.failure };
  const { left, top, side } = frame.square;
  const portraitSide = Math.min(PORTRAIT_SIDE, side);
  const portrait = await bySharp(
    open(bytes)
      .autoOrient()
      .extract({ left, top, width: side, height: side })
      .resize(portraitSide, portraitSide)
      .webp({ quality: QUALITY })
      .toBuffer(),
  );
  return { kind: 'rendered', portrait, landmarks: frame.landmarks };
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: false });
}
