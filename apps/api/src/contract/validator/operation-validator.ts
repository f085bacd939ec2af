import { operationTable, type OperationId } from '@greenroom/contract';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { isDateTime } from '../../document/date-time.ts';
import { documentOf } from '../../document/document.ts';
import { runMiddleware } from '../run-middleware.ts';

/**
 * Returns the step that validates a request of an operation, and its response when it is sent. The validator is set up
 * at the first request, since setting up all of them would delay the start.
 */
export function operationValidator(id: OperationId): RequestHandler {
  let validate: RequestHandler | undefined;
  return (request, response, next) => (validate ??= newValidator(id))(request, response, next);
}

function newValidator(id: OperationId): RequestHandler {
  const specification = specificationOf(id, documentOf(id));
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
  return inSequence(validator.installMiddleware(Promise.resolve(specification)).map(asHandler));
}

/** The validator's input: a document and its routes. */
type Specification = Awaited<Parameters<OpenApiValidator['installMiddleware']>[0]>;

/**
 * Replaces the validator's loader, which compiles OpenAPI's meta-schema for each document. With a document for each
 * operation, that took most of the time between the start and the first response.
 */
function specificationOf(id: OperationId, document: object): Specification {
  const { method, path, parameters } = operationTable[id];
  return {
    apiDoc: document as Specification['apiDoc'],
    basePaths: [''],
    routes: [
      {
        basePath: '',
        openApiRoute: path,
        expressRoute: path.replaceAll(/\{(\w+)\}/g, ':$1'),
        method: method.toUpperCase(),
        pathParams: Object.keys(parameters.path),
      },
    ],
    serial: 0,
  };
}

/** Returns one handler that runs several in order. */
function inSequence(handlers: readonly RequestHandler[]): RequestHandler {
  return async (request, response, next) => {
    for (const handler of handlers) await runMiddleware(handler, request, response, next);
    next();
  };
}

/** The validator's type of a handler is not Express's. */
function asHandler(handler: unknown): RequestHandler {
  return handler as (request: Request, response: Response, next: NextFunction) => void;
}
