import { operationTable, type OperationId } from '@greenroom/contract';
import { Router, type Request, type RequestHandler } from 'express';

import type { Admission } from './admission.ts';
import { ApiError } from '../errors/api-error.ts';
import { sendAnswer, type Answer } from './response/send-response.ts';
import type { CallerTurns, Pause } from './caller-turns.ts';
import { isEnd, shareOf } from './caller.ts';
import { passed } from '../contract/passed.ts';
import { clipped } from '../errors/truncate.ts';
import { disconnectSignal } from './client-disconnect.ts';
import { requestBody } from './body/request-body.ts';
import { oneOf } from '../errors/words.ts';
import { requireDeclared } from './response/declared-response.ts';
import { announceDeprecation } from './response/deprecation.ts';
import { validateMessages } from '../contract/validator/validate-messages.ts';
import type { Handlers, OperationRequest } from '../contract/handlers.ts';
import { linkTo } from '../document/link.ts';
import { strictParameters } from '../contract/validator/strict-parameters.ts';

/** The policies that an operation draws on (`x-rate-limits` in the document). */
export type RateLimitNames = readonly ('requests' | 'creates')[];

export interface OperationsOptions {
  handlers: Handlers;
  limit: (names: RateLimitNames) => RequestHandler;
  authorize: (id: OperationId) => RequestHandler;
  admission: Admission;
  /** At the database. */
  turns: CallerTurns;
  /** For a body to arrive. */
  bodyTimeoutMs: number;
}

type AnyHandler = (request: OperationRequest<OperationId>) => Promise<Answer>;

/** Returns the steps of a request to an operation, in order. */
function stepsOf(id: OperationId, options: OperationsOptions): RequestHandler[] {
  const { handlers, limit, authorize, admission, turns, bodyTimeoutMs } = options;
  const { rateLimits, deprecation } = operationTable[id];
  return [
    // For the log, and for the errors that the operation declares.
    named(id),
    announceDeprecation(deprecation),
    limit(rateLimits),
    // Before the body, so that a caller without a right to it sends none.
    authorize(id),
    strictParameters(id),
    requestBody(id, bodyTimeoutMs),
    // After the body: a request that is still arriving takes no capacity.
    admission.withinCapacity,
    // Validates, handles, responds.
    respond(id, validateMessages(id), handlerOf(handlers, id), turns),
  ];
}

/** Serves every operation of the document: the only place that turns its paths into routes. */
export function operationsRouter(options: OperationsOptions): Router {
  // Strict: a path that ends in a slash is another one, so that an empty id never lists everything.
  const router = Router({ caseSensitive: true, strict: true });
  const operationsByPath = new Map<string, OperationId[]>();
  for (const id of Object.keys(operationTable) as OperationId[]) {
    const { method, path } = operationTable[id];
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    operationsByPath.set(route, [...(operationsByPath.get(route) ?? []), id]);
    router[method](route, ...stepsOf(id, options));
  }
  for (const [route, ids] of operationsByPath)
    router.all(route, options.limit(['requests']), methodNotAllowed(ids));
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
  if (identity.kind === 'worker') return work((wait) => wait());
  return turns.run(shareOf(request), work, { isPatient: isEnd(request) });
}

/**
 * Validates the request, handles it and sends the response, which is validated too. All of it takes the caller's turn:
 * requests that wait have cost little yet.
 */
function respond(
  operationId: OperationId,
  messages: RequestHandler,
  handler: AnyHandler,
  turns: CallerTurns,
): RequestHandler {
  return (request, response, next) =>
    withTurn(request, turns, async (pause) => {
      // Its caller went away while it waited for its turn.
      if (response.closed) return;
      await passed(messages, request, response, next);
      const { identity, id } = request.context;
      const answer = await handler({
        id,
        identity: (identity.kind === 'anonymous' ? undefined : identity) as never,
        path: request.params as never,
        query: request.query,
        header: (name) => request.get(name),
        body: request.body as never,
        get signal() {
          return disconnectSignal(response);
        },
        idle: (wait) => pause(() => request.context.idle(wait)),
        withoutDatabase: pause,
      });
      sendAnswer(response, answer, requireDeclared(operationId, answer));
    });
}

function methodNotAllowed(ids: readonly OperationId[]): RequestHandler {
  const methods: string[] = ids.map((id) => operationTable[id].method);
  const all = [...methods, ...(methods.includes('get') ? ['head'] : []), 'options'];
  const allowed = all.map((method) => method.toUpperCase());
  const headers = { Allow: allowed.join(', ') };
  return ({ method, params }) => {
    const sessionId = params['session_id'];
    if (method === 'DELETE' && ids.includes('sessions.get') && typeof sessionId === 'string') {
      const values = { end: `POST ${linkTo('sessions.end', { session_id: clipped(sessionId) })}` };
      throw new ApiError('method.not_allowed', { situation: 'delete_session', values, headers });
    }
    throw new ApiError('method.not_allowed', { values: { method, allowed: oneOf(allowed) }, headers });
  };
}
