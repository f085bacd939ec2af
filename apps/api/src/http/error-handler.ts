import { operationTable, type ErrorCode, type OperationId } from '@greenroom/contract';
import { isOutOfSpace, outcomeOfUnavailability, type WriteOutcome } from '@greenroom/database';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

import { ApiError } from '../errors/api-error.ts';
import { sendError, statusOf } from './response/error-response.ts';

export interface ErrorHandlerOptions {
  log: Logger;
  /** Called when a write fails because the database has no space left. */
  noteOutOfSpace: () => void;
  /** Returns the path of the page about an error code; null if this server has none. */
  errorPagePath: (code: ErrorCode) => string | null;
  /** Announces the rate limit of the caller's address in a response that announces none. */
  announceAddressLimit: (request: Request, response: Response) => void;
}

/** Turns anything thrown into the error envelope. */
export function errorHandler(options: ErrorHandlerOptions) {
  const { log, noteOutOfSpace, errorPagePath, announceAddressLimit } = options;
  // Express recognizes an error handler by its four parameters.
  return (thrown: unknown, request: Request, response: Response, next: NextFunction): void => {
    // Cancelled because the client disconnected.
    if (response.closed && thrown instanceof Error && thrown.name === 'AbortError') return;
    if (isOutOfSpace(thrown)) noteOutOfSpace();
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = declaredError(toApiError(thrown, request), request.context.operationId);
    if (statusOf(error) >= 500 && !isExpected(error)) {
      log.error(
        { request_id: request.context.id, operation: request.context.operationId, err: error.cause },
        'request failed',
      );
    }
    // For an error that occurred before the caller was identified.
    announceAddressLimit(request, response);
    sendError(request, response, error, errorPagePath(error.code));
  };
}

/** Errors of a busy, draining or unready server. Their causes are logged elsewhere. */
function isExpected(error: ApiError): boolean {
  return error.code === 'draining' || error.code === 'at_capacity';
}

function toApiError(thrown: unknown, request: Request): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const outcome = outcomeOfUnavailability(thrown);
  if (outcome !== null) return databaseUnavailable(request, outcome, thrown);
  // Express could not decode the path.
  if (thrown instanceof URIError) {
    return new ApiError('request.malformed', { situation: 'path', cause: thrown });
  }
  return internalError(thrown);
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The outcome of a commit is unknown when its confirmation was lost. */
function databaseUnavailable({ method }: Request, outcome: WriteOutcome, cause: unknown): ApiError {
  const unchanged = outcome === 'unchanged' || SAFE_METHODS.has(method);
  return unchanged
    ? new ApiError('database.unavailable', { situation: 'unchanged', values: { seconds: 1 }, cause })
    : new ApiError('database.unavailable', { situation: 'unknown', headers: { 'Retry-After': '1' }, cause });
}

function internalError(cause: unknown): ApiError {
  return new ApiError('internal', { cause });
}

/** Returns an internal error in place of one that the operation does not declare, and logs it. */
function declaredError(error: ApiError, id: OperationId | null): ApiError {
  const status = statusOf(error);
  if (id === null || String(status) in operationTable[id].responses) return error;
  return internalError(new Error(`${id} does not declare ${status} (${error.code})`, { cause: error }));
}
