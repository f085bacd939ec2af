import type { OperationId } from '@greenroom/contract';
import { operationTable } from '@greenroom/contract';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { scan } from 'secure-json-parse';

import { ApiError } from './api-error.ts';

/** Nothing that the document describes is larger or deeper. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;

/**
 * Reads the body of an operation that has one, and leaves `content-type` as the bare media type: the
 * validator compiles a schema for each distinct value of that header, and the caller chooses the header.
 */
export function jsonBody(id: OperationId): RequestHandler[] {
  const accepted: readonly string[] = operationTable[id].requestContentTypes;
  if (accepted.length === 0) return [ignoreBody];
  return [declaredType(accepted), express.raw({ type: () => true, limit: MAX_BODY_BYTES }), parse];
}

function ignoreBody(request: Request, _response: Response, next: NextFunction): void {
  delete request.headers['content-type'];
  next();
}

function declaredType(accepted: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const header = request.headers['content-type'];
    const hasBody =
      request.headers['transfer-encoding'] !== undefined ||
      Number(request.headers['content-length'] ?? 0) > 0;
    if (!hasBody) throw bodyMissing();
    const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
    const charset = parameters
      .find((parameter) => parameter.startsWith('charset='))
      ?.slice('charset='.length);
    const isUtf8 = charset === undefined || charset.replaceAll('"', '') === 'utf-8';
    if (!accepted.includes(type) || !isUtf8) {
      throw new ApiError('content_type.unsupported', {
        message: `The body's content type is ${header === undefined ? 'missing' : 'not one of this operation'}. Send ${accepted.join(' or ')} in UTF-8.`,
      });
    }
    request.headers['content-type'] = type;
    next();
  };
}

function parse(request: Request, _response: Response, next: NextFunction): void {
  // Chunked, a body can turn out to be empty.
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw bodyMissing();
  const body = parsed(request.body);
  refusePrototypes(body);
  refuseUnstorable(body);
  request.body = body;
  next();
}

function bodyMissing(): ApiError {
  return new ApiError('body.invalid', { message: 'The body is missing. Send a JSON object.' });
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

/** PostgreSQL stores neither NUL nor half a surrogate pair; and no depth is needed that could exhaust a stack. */
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
    if (typeof value === 'string') refuseText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      refuseText(key, path);
      pending.push({ value: child, path: [...path, key] });
    }
  }
}

function refuseText(text: string, path: string[]): void {
  if (text.isWellFormed() && !text.includes('\0')) return;
  throw new ApiError('body.invalid', {
    message: `${path.join('.') || 'The body'} contains a NUL character or half of a surrogate pair. Send well-formed Unicode text.`,
    param: path.length === 0 ? null : path.join('.'),
  });
}
