import { errorTable, operationTable, type OperationId } from '@greenroom/contract';
import { isOutOfSpace, outcomeOfUnavailability, type Outcome } from '@greenroom/database';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

import { isValidatorError, validationError } from '../contract/validator/validation-errors.ts';
import { sendError } from './response/send-response.ts';
import { ApiError } from '../errors/api-error.ts';

/** The one place where anything thrown becomes the error envelope. */
export function errorHandler(log: Logger, { noteOutOfSpace }: { noteOutOfSpace: () => void }) {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, request: Request, response: Response, next: NextFunction): void => {
    // Work that was given up because its caller has gone.
    if (response.closed && thrown instanceof Error && thrown.name === 'AbortError') return;
    if (isOutOfSpace(thrown)) noteOutOfSpace();
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = declaredError(
      toApiError(thrown, request),
      request.context.operationId as OperationId | null,
    );
    if (error.status >= 500 && !isExpected(error)) {
      log.error(
        { request_id: request.context.id, operation: request.context.operationId, err: error.cause },
        'request failed',
      );
    }
    sendError(request, response, error);
  };
}

/** Answers that say the server is busy, stopping or without its database: their own events are logged elsewhere. */
function isExpected(error: ApiError): boolean {
  return error.code === 'draining' || error.code === 'at_capacity';
}

function toApiError(thrown: unknown, request: Request): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const outcome = outcomeOfUnavailability(thrown);
  if (outcome !== null) return databaseUnavailable(request, outcome, thrown);
  const { operationId } = request.context;
  if (isValidatorError(thrown)) {
    // The router found a route that the validator did not: a bug.
    if (thrown.status === 404 || thrown.status === 405) return internalError(thrown);
    if (thrown.status < 500 && operationId !== null)
      return validationError(thrown, operationId as OperationId, request);
  }
  return readingError(thrown) ?? internalError(thrown);
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A commit whose confirmation was lost may have happened. */
function databaseUnavailable({ method }: Request, outcome: Outcome, cause: unknown): ApiError {
  const unchanged = outcome === 'unchanged' || SAFE_METHODS.has(method);
  const headers = { 'Retry-After': '1' };
  return unchanged
    ? new ApiError('database.unavailable', { situation: 'unchanged', values: { seconds: 1 }, headers, cause })
    : new ApiError('database.unavailable', { situation: 'unknown', headers, cause });
}

/** Express's readers say what went wrong by `type`. */
function readingError(thrown: unknown): ApiError | null {
  if (!(thrown instanceof Error)) return null;
  if (thrown instanceof URIError) {
    return new ApiError('request.malformed', { situation: 'path', cause: thrown });
  }
  return null;
}

function internalError(cause: unknown): ApiError {
  return new ApiError('internal', { cause });
}

/** An error that the operation does not declare would be silent drift: it is ours, and logged as such. */
function declaredError(error: ApiError, id: OperationId | null): ApiError {
  if (id === null || String(errorTable[error.code].status) in operationTable[id].responses) return error;
  return internalError(new Error(`${id} does not declare ${error.status} (${error.code})`, { cause: error }));
}
