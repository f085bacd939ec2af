import { operationTable, type OperationId } from '@greenroom/contract';
import { Router, type Request, type RequestHandler, type Response } from 'express';

import type { Admission } from '../http/admission.ts';
import { ApiError } from '../http/api-error.ts';
import { sendAnswer, type Answer } from '../http/answers.ts';
import type { CallerTurns, Pause } from '../http/caller-turns.ts';
import { isEnd, shareOf } from '../http/caller.ts';
import { clipped } from '../http/clipped.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { requestBody } from '../http/request-body.ts';
import { oneOf } from '../http/words.ts';
import type { RateLimitNames } from '../rate-limits/rate-limit-middleware.ts';
import { requireDeclared } from './declared-answers.ts';
import { enforce } from './enforcement.ts';
import type { Handlers, OperationRequest } from './handlers.ts';
import { linkTo } from './link.ts';
import { passed } from './passed.ts';
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
  const operationsByPath = new Map<string, OperationId[]>();
  for (const id of Object.keys(operationTable) as OperationId[]) {
    const { method, path, rateLimits } = operationTable[id];
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const { security, messages } = enforce(id);
    operationsByPath.set(route, [...(operationsByPath.get(route) ?? []), id]);
    router[method](
      route,
      named(id),
      limit(rateLimits),
      security,
      strictParameters(id),
      requestBody(id, bodyTimeoutMs),
      admission.withinCapacity,
      respond(id, messages, handlerOf(handlers, id), turns),
    );
  }
  for (const [route, ids] of operationsByPath) router.all(route, limit(['requests']), methodNotAllowed(ids));
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
  return (request: Request, response: Response) =>
    withTurn(request, turns, async (pause) => {
      // Its caller went away while it waited for its turn.
      if (response.closed) return;
      await passed(messages, request, response);
      const { identity, id } = request.context;
      const answer = await handler({
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
