import type { OperationId } from '@greenroom/contract';
import { operationTable } from '@greenroom/contract';
import express, { type RequestHandler } from 'express';
import { scan } from 'secure-json-parse';

import { ApiError } from './api-error.ts';
import { bodyMissing, requireMediaType } from './media-type.ts';
import { requireStorable } from './storable-text.ts';

/** Nothing that the document describes is larger or deeper. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;

/** Reads a body of JSON. */
export function jsonBody(id: OperationId): RequestHandler[] {
  const accepted: readonly string[] = operationTable[id].requestContentTypes;
  const declaredType: RequestHandler = (request, _response, next) => {
    requireMediaType(request, accepted);
    next();
  };
  const parse: RequestHandler = (request, _response, next) => {
    // Chunked, a body can turn out to be empty.
    if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw bodyMissing(accepted);
    const body = parsed(request.body);
    refusePrototypes(body);
    refuseUnstorable(body);
    request.body = body;
    next();
  };
  return [declaredType, express.raw({ type: () => true, limit: MAX_BODY_BYTES }), parse];
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const message =
      error instanceof SyntaxError
        ? 'The body is not valid JSON. Check quotes, commas and brackets.'
        : 'The body is not valid UTF-8. Encode it as UTF-8.';
    throw new ApiError('body.malformed', { message, cause: error });
  }
}

function refusePrototypes(body: unknown): void {
  try {
    if (typeof body === 'object' && body !== null) scan(body);
  } catch (error) {
    throw new ApiError('body.invalid', {
      message:
        'The body has a key that sets an object prototype (__proto__ or constructor.prototype). Remove it.',
      cause: error,
    });
  }
}

/** What PostgreSQL cannot store; and no depth is needed that could exhaust a stack. */
function refuseUnstorable(body: unknown): void {
  const pending: { value: unknown; path: string[] }[] = [{ value: body, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next;
    if (path.length > MAX_DEPTH) {
      throw new ApiError('body.invalid', {
        message: `The body is nested more than ${MAX_DEPTH} levels deep. Flatten it.`,
        param: path[0] ?? null,
      });
    }
    if (typeof value === 'string') requireStorable(value, path);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      requireStorable(key, path);
      pending.push({ value: child, path: [...path, key] });
    }
  }
}
