import { type OperationId, operationTable } from '@greenroom/contract';
import type { RequestHandler } from 'express';

import { byteSize, MIB } from '../../common/byte-size.ts';
import { bodyLimits } from '../../document/body-limits.ts';
import { ApiError } from '../../errors/api-error.ts';
import { callerOf } from '../caller-concurrency.ts';
import { BodyBudget } from './body-budget.ts';
import { checkJson } from './check-json.ts';
import { contentEncoding, decompress } from './inflate.ts';
import { findSyntaxError } from './json-syntax-error.ts';
import { missingBodyError, requireMediaType } from './media-type.ts';
import { readBytes } from './read-bytes.ts';

/** Shared by the process. */
const budget = new BodyBudget({ totalBytes: 32 * MIB, callerBytes: 8 * MIB });

/** Reads a JSON body within the limits of the document and `timeoutMs`. */
export function jsonBody(id: OperationId, timeoutMs: number): RequestHandler {
  const accepted: readonly string[] = operationTable[id].requestContentTypes;
  const { maxBytes, maxValues } = bodyLimits(id);
  const tooLarge = () =>
    new ApiError('body.too_large', {
      situation: 'body',
      values: { limit: byteSize(maxBytes) },
    });
  return async (request, response, next) => {
    requireMediaType(request, accepted);
    const encoding = contentEncoding(request.headers['content-encoding']);
    const share = budget.open(callerOf(request));
    response.once('close', () => share.release());
    const sent = await readBytes(request, { maxBytes, timeoutMs, share, tooLarge, brokenOff });
    const bytes = await decompress(sent, encoding, { maxBytes, tooLarge });
    // A chunked body may be empty.
    if (bytes.length === 0) throw missingBodyError(accepted);
    const body = parsed(bytes);
    checkJson(body, maxValues);
    if (id === 'sessions.create') nameTransport(body);
    request.body = body;
    next();
  };
}

/** Sets the default type of a transport: the validator selects the variant by it. */
function nameTransport(body: unknown): void {
  const { transport } = (body ?? {}) as { transport?: unknown };
  if (typeof transport !== 'object' || transport === null || Array.isArray(transport)) return;
  if (!Object.hasOwn(transport, 'type')) Object.assign(transport, { type: 'livekit' });
}

function parsed(bytes: Buffer): unknown {
  const text = decoded(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError('body.malformed', { situation: 'json', values: findSyntaxError(text), cause });
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ApiError('body.malformed', { situation: 'utf8', cause });
  }
}

function brokenOff(): ApiError {
  return new ApiError('body.malformed', { situation: 'length' });
}
