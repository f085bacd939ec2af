import { operationTable, type OperationId } from '@greenroom/contract';
import { Router, type Request, type RequestHandler, type Response } from 'express';

import type { Admission } from '../http/admission.ts';
import { ApiError } from '../http/api-error.ts';
import { sendAnswer, type Answer } from '../http/answers.ts';
import type { CallerTurns, Pause } from '../http/caller-turns.ts';
import { callerOf } from '../http/caller.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { requestBody } from '../http/request-body.ts';
import type { RateLimitNames } from '../rate-limits/rate-limit-middleware.ts';
import { requireDeclared } from './declared-answers.ts';
import { announceDeprecation } from './deprecation.ts';
import { enforce } from './enforcement.ts';
import type { Handlers, OperationRequest } from './handlers.ts';
import { strictParameters } from './strict-parameters.ts';

export interface OperationsOptions {
  limit: (names: RateLimitNames) => RequestHandler;
  admission: Admission;
  /** At the database. */
  turns: CallerTurns;
  /** For a body to arrive. */
  bodyTimeoutMs: number;
}

type AnyHandler = (request: OperationRequest<OperationId>) => Promise<Answer>;

/** Serves every operation of the document: the only place that turns its paths into routes. */
export function operationsRouter(
  handlers: Handlers,
  { limit, admission, turns, bodyTimeoutMs }: OperationsOptions,
): Router {
  // Strict: a path that ends in a slash is another one, so that an empty id never lists everything.
  const router = Router({ caseSensitive: true, strict: true });
  const methodsByPath = new Map<string, string[]>();
  for (const id of Object.keys(operationTable) as OperationId[]) {
    const { method, path, rateLimits, deprecation } = operationTable[id];
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const { security, messages } = enforce(id);
    methodsByPath.set(route, [...(methodsByPath.get(route) ?? []), method]);
    router[method](
      route,
      named(id),
      announceDeprecation(deprecation),
      limit(rateLimits),
      security,
      strictParameters(id),
      requestBody(id, bodyTimeoutMs),
      admission.withinCapacity,
      messages,
      respond(id, handlerOf(handlers, id), turns),
    );
  }
  for (const [route, methods] of methodsByPath)
    router.all(route, limit(['requests']), methodNotAllowed(methods));
  return router;
}

/** The map's type is total over the operationIds, so what the document names is there. */
function handlerOf(handlers: Handlers, id: OperationId): AnyHandler {
  const [resource, verb] = id.split('.') as [string, string];
  const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[resource]?.[verb];
  if (handler === undefined) throw new Error(`No handler for ${id}`);
  return handler;
}

function named(id: OperationId): RequestHandler {
  return (request, _response, next) => {
    request.context.operationId = id;
    next();
  };
}

/** Workers need no turn: many share a key, and their reports keep sessions alive. */
function withTurn<T>(request: Request, turns: CallerTurns, work: (pause: Pause) => Promise<T>): Promise<T> {
  const { identity } = request.context;
  return identity.kind === 'worker' ? work((wait) => wait()) : turns.run(callerOf(request), work);
}

function respond(operationId: OperationId, handler: AnyHandler, turns: CallerTurns): RequestHandler {
  return async (request: Request, response: Response) => {
    const { identity, id } = request.context;
    const answer = await withTurn(request, turns, async (pause) => {
      // Its caller went away while it waited for its turn.
      if (response.closed) return null;
      return handler({
        id,
        identity: (identity.kind === 'anonymous' ? undefined : identity) as never,
        path: request.params as never,
        query: request.query,
        header: (name) => request.get(name),
        body: request.body as never,
        get signal() {
          return goneSignal(response);
        },
        idle: (wait) => pause(() => request.context.idle(wait)),
        withoutDatabase: pause,
      });
    });
    if (answer === null) return;
    sendAnswer(response, answer, requireDeclared(operationId, answer));
  };
}

function methodNotAllowed(methods: string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('get') ? ['head'] : []), 'options']
    .map((method) => method.toUpperCase())
    .join(', ');
  return (request) => {
    throw new ApiError('method.not_allowed', {
      message: `${request.method} is not a method of this path. Use ${allow.replace(/, ([^,]*)$/, ' or $1')}.`,
      headers: { Allow: allow },
    });
  };
}
