import type { OperationId } from '@greenroom/contract';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { OpenApiValidator } from 'express-openapi-validator/dist/openapi.validator.js';

import { authorize } from '../authentication/authenticator.ts';
import { isDateTime } from './date-time.ts';
import { passed } from './passed.ts';
import { specificationOf } from './specification.ts';

export interface Enforcement {
  /** Who may call: decided before a byte of the body is read. */
  security: RequestHandler;
  /** The request now, and the answer when it is sent. */
  messages: RequestHandler;
}

/** The document enforced for one operation; set up at its first request, since all at once would delay the start. */
export function enforce(id: OperationId): Enforcement {
  let known: Enforcement | undefined;
  const enforcement = () => (known ??= enforcementOf(id));
  return {
    security: (request, response, next) => enforcement().security(request, response, next),
    messages: (request, response, next) => enforcement().messages(request, response, next),
  };
}

function enforcementOf(id: OperationId): Enforcement {
  const specification = specificationOf(id);
  const validator = new OpenApiValidator({
    apiSpec: specification.apiDoc,
    validateApiSpec: false,
    validateSecurity: {
      handlers: {
        apiKey: (request, scopes) => isAuthorized(request, 'customer', scopes),
        workerKey: (request, scopes) => isAuthorized(request, 'worker', scopes),
      },
    },
    validateRequests: { allErrors: false, discriminator: true },
    validateResponses: true,
    ajvFormats: { mode: 'full' },
    formats: { 'date-time': isDateTime },
    fileUploader: false,
  });
  const handlers = validator.installMiddleware(Promise.resolve(specification)).map(asHandler);
  const afterSecurity = handlers.findIndex((handler) => handler.name === 'securityMiddleware') + 1;
  if (afterSecurity === 0) throw new Error('The validator has no security step');
  return {
    security: inTurn(handlers.slice(0, afterSecurity)),
    messages: inTurn(handlers.slice(afterSecurity)),
  };
}

/** The validator passes on a status and a message at most; the refusal itself waits on the context. */
function isAuthorized(request: Request, scheme: 'customer' | 'worker', scopes: readonly string[]): boolean {
  request.context.refusal = authorize(scheme, request.context.identity, scopes);
  return request.context.refusal === null;
}

/** Handlers one after the other, as one. */
function inTurn(handlers: readonly RequestHandler[]): RequestHandler {
  return async (request, response, next) => {
    for (const handler of handlers) await passed(handler, request, response);
    next();
  };
}

/** What the validator's types call a handler, as Express knows it. */
function asHandler(handler: unknown): RequestHandler {
  return handler as (request: Request, response: Response, next: NextFunction) => void;
}
