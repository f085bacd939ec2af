import type { Request } from 'express';

import { ApiError } from '../../errors/api-error.ts';
import { oneOf, printable, truncate } from '../../errors/message-text.ts';

/** The name, and the label that browsers accept for it (WHATWG Encoding, section 4.2). */
const UTF_8 = new Set(['utf-8', 'utf8']);

/**
 * Checks a request's content type and returns the header as sent. Replaces it with the bare media type: the validator
 * compiles a schema for each distinct value of that header, which the caller chooses.
 *
 * @throws {ApiError} 415 when the type or the charset is not supported, 422 without a body
 */
export function requireMediaType(request: Request, accepted: readonly string[]): string {
  const header = request.headers['content-type'];
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody) throw missingBodyError(accepted);
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const isUtf8 = charset === undefined || UTF_8.has(charset.replaceAll('"', ''));
  if (header === undefined) {
    const values = { accepted: oneOf(accepted) };
    throw new ApiError('content_type.unsupported', { situation: 'missing', values });
  }
  if (!accepted.includes(type)) {
    const values = { sent: printable(truncate(type)), accepted: oneOf(accepted) };
    throw new ApiError('content_type.unsupported', { situation: 'type', values });
  }
  if (!isUtf8) {
    const values = { sent: printable(truncate(charset)) };
    throw new ApiError('content_type.unsupported', { situation: 'charset', values });
  }
  request.headers['content-type'] = type;
  return header;
}

export function missingBodyError(accepted: readonly string[]): ApiError {
  return new ApiError('body.invalid', { situation: 'missing', values: { accepted: oneOf(accepted) } });
}
