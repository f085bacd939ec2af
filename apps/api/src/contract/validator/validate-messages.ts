import type { OperationId } from '@greenroom/contract';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { isDateTime } from '../../document/date-time.ts';
import { passed } from '../passed.ts';
import { specificationOf } from './specification.ts';

/**
 * Returns the step that validates a request of an operation, and its response when it is sent. The validator is set up
 * at the first request, since setting up all of them would delay the start.
 */
export function validateMessages(id: OperationId): RequestHandler {
  let validate: RequestHandler | undefined;
  return (request, response, next) => (validate ??= validatorOf(id))(request, response, next);
}

function validatorOf(id: OperationId): RequestHandler {
  const specification = specificationOf(id);
  const validator = new OpenApiValidator({
    apiSpec: specification.apiDoc,
    validateApiSpec: false,
    // Keys are checked before the body is read.
    validateSecurity: false,
    validateRequests: { allErrors: false, discriminator: true },
    validateResponses: true,
    ajvFormats: { mode: 'full' },
    formats: { 'date-time': isDateTime },
    fileUploader: false,
  });
  return inTurn(validator.installMiddleware(Promise.resolve(specification)).map(asHandler));
}

/** Runs handlers one after the other, as one. */
function inTurn(handlers: readonly RequestHandler[]): RequestHandler {
  return async (request, response, next) => {
    for (const handler of handlers) await passed(handler, request, response, next);
    next();
  };
}

/** What the validator's types call a handler, as Express knows it. */
function asHandler(handler: unknown): RequestHandler {
  return handler as (request: Request, response: Response, next: NextFunction) => void;
}
