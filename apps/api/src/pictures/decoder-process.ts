/** The process that decodes pictures: whatever a picture does to it, the API goes on. */
import sharp, { type Metadata, type Sharp } from 'sharp';

import type { DecodeLimits, DecodeRequest, DecodeResponse, DecoderReady } from './messages.ts';

/** Width and height of a portrait, where the picture has as much. */
const PORTRAIT_SIDE = 1024;
const QUALITY = 90;
/** A small version is enough to see whether a picture can be read to its end. */
const PROBE_SIDE = 32;
/** Bytes of one sample, by the names that libvips gives its formats; all others are integers of one byte. */
const SAMPLE_BYTES: Partial<Record<string, number>> = { ushort: 2, short: 2, uint: 4, int: 4, float: 4 };
/** The largest pictures that the limits allow were measured at 340 MB, and need another copy when they are turned. */
const MAX_RESIDENT_BYTES = 640 * 1024 * 1024;
const MEMORY_CHECK_MS = 50;

// The decoder itself judges what a file is, and it knows these formats only: an SVG, a PDF or a TIFF is not opened.
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
// The API decides what a signal to the whole process group means here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Pictures are decoded on other threads, so that this one can watch them.
setInterval(() => {
  if (process.memoryUsage.rss() > MAX_RESIDENT_BYTES) process.exit(1);
}, MEMORY_CHECK_MS).unref();

process.send?.({ kind: 'ready' } satisfies DecoderReady);

async function respond(request: DecodeRequest): Promise<void> {
  const response = await decode(request);
  process.send?.(response);
}

async function decode({ task, bytes, limits }: DecodeRequest): Promise<DecodeResponse> {
  try {
    const metadata = await open(bytes).metadata();
    const tooLarge = excess(metadata, limits);
    if (tooLarge !== null) return tooLarge;
    return { kind: 'done', portrait: task === 'check' ? await check(bytes) : await render(bytes, metadata) };
  } catch (error) {
    // The decoder says only in words that it knows no such format.
    const isUnsupported = error instanceof Error && error.message.includes('unsupported image format');
    return { kind: isUnsupported ? 'unsupported' : 'unreadable' };
  }
}

/** Returns by how much a picture exceeds the limits, judged by its header. */
function excess(metadata: Metadata, { maxPixels, maxDecodedBytes }: DecodeLimits): DecodeResponse | null {
  const { width, height, channels, depth, isProgressive } = metadata;
  // An interlaced or progressive picture is held whole next to what is made of it.
  const copies = isProgressive ? 2 : 1;
  const decodedBytes = width * height * channels * (SAMPLE_BYTES[depth] ?? 1) * copies;
  const isTooLarge = width * height > maxPixels || decodedBytes > maxDecodedBytes;
  return isTooLarge ? { kind: 'too_large', width, height, decodedBytes } : null;
}

async function check(bytes: Uint8Array): Promise<Uint8Array> {
  await open(bytes).resize(PROBE_SIDE, PROBE_SIDE, { fit: 'inside' }).raw().toBuffer();
  return new Uint8Array();
}

/** Makes a picture upright and square, and drops everything but its pixels. */
async function render(bytes: Uint8Array, { autoOrient }: Metadata): Promise<Uint8Array> {
  const side = Math.min(PORTRAIT_SIDE, autoOrient.width, autoOrient.height);
  return (
    open(bytes)
      .autoOrient()
      // Where there is more than a square, it keeps what draws the eye, and skin before all.
      .resize(side, side, { fit: 'cover', position: sharp.strategy.attention })
      .webp({ quality: QUALITY })
      .toBuffer()
  );
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: false });
}
