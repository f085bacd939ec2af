import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

import { ApiError } from '../../errors/api-error.ts';
import { printable, truncate } from '../../errors/message-text.ts';

const DECODERS = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
] as const);

type Encoding = 'identity' | 'gzip' | 'deflate' | 'br';

/**
 * Returns the encoding of a body from its `Content-Encoding`: at most one, in addition to `identity`. `x-gzip` is
 * `gzip` (RFC 9110, section 8.4.1.3).
 *
 * @throws {ApiError} 415 for one that is not supported
 */
export function contentEncoding(header: string | undefined): Encoding {
  const encodings = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (encodings.length === 0) return 'identity';
  const encoding = encodings.join() === 'x-gzip' ? 'gzip' : encodings.join();
  if (encoding === 'gzip' || encoding === 'deflate' || encoding === 'br') {
    return encoding;
  }
  throw new ApiError('content_type.unsupported', {
    situation: 'encoding',
    values: { sent: printable(truncate(encodings.join(', '))) },
  });
}

/**
 * Decompresses a body. Stops at the first byte beyond `maxBytes`.
 *
 * @throws {ApiError} the error of `tooLarge` beyond `maxBytes`; 400 for bytes that are not of this encoding
 */
export async function decompress(
  bytes: Buffer,
  encoding: Encoding,
  { maxBytes, tooLarge }: { maxBytes: number; tooLarge: () => ApiError },
): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  const decode = DECODERS.get(encoding);
  if (decode === undefined) throw new Error(`No decoder for ${encoding}`);
  try {
    return await decode(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw tooLarge();
    throw new ApiError('body.malformed', {
      situation: 'encoding',
      values: { encoding: `\`${encoding}\`` },
      cause: error,
    });
  }
}

function isTooLarge(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
  );
}
