import { operationTable, type OperationId } from '@greenroom/contract';
import type { Tracing } from '@greenroom/tracing';
import { Router, type Request, type RequestHandler, type Response } from 'express';

import { handlerOf, type Handler, type Handlers, type ValidatedParts } from '../contract/handlers.ts';
import { operationValidator, type OperationValidator } from '../contract/validator/operation-validator.ts';
import { linkTo } from '../document/link.ts';
import { ApiError } from '../errors/api-error.ts';
import { oneOf, truncate } from '../errors/message-text.ts';
import type { PolicyName } from '../rate-limits/rate-limiter.ts';
import type { Admission } from './admission.ts';
import { formBody } from './body/form-body.ts';
import { jsonBody } from './body/json-body.ts';
import { isEnd, shareOf, type CallerConcurrency, type Pause } from './caller-concurrency.ts';
import { requestTrace } from './request-trace.ts';
import { deprecationSteps } from './response/deprecation.ts';
import { sendResponse } from './response/send-response.ts';

export interface OperationsOptions {
  handlers: Handlers;
  /** Takes from the rate limits of the caller's key and announces them. */
  limit: (names: readonly PolicyName[]) => (request: Request, response: Response) => void;
  /** Checks that the caller may call an operation. */
  authorize: (id: OperationId) => (request: Request) => void;
  /** Identifies the caller again if a key or an organisation has changed since. */
  authenticateAgain: (request: Request) => Promise<void>;
  admission: Admission;
  /** Null disables tracing. */
  tracing: Tracing | null;
  /** Limits the requests of each customer that use the database. */
  concurrency: CallerConcurrency;
  /** Limits the requests of all workers together that use the database. */
  workerConcurrency: CallerConcurrency;
  /** The time for a body to arrive, in milliseconds. */
  bodyTimeoutMs: number;
}

/** Returns the steps of a request to an operation, in order. */
function stepsOf(id: OperationId, options: OperationsOptions): RequestHandler[] {
  const { handlers, admission, tracing, bodyTimeoutMs } = options;
  const { deprecation, requestContentTypes } = operationTable[id];
  const validator = operationValidator(id);
  return [
    ...(tracing === null ? [] : [requestTrace(id, tracing)]),
    ...deprecationSteps(deprecation),
    operationStart(id, validator, options),
    ...(requestContentTypes.length === 0
      ? []
      : [requestBody(id, bodyTimeoutMs), authorizeAgain(id, options)]),
    // After the body: a request that is still arriving takes no capacity.
    admission.withinCapacity,
    // Validates, handles, responds.
    bind(handlerOf(handlers, id), validator, options),
  ];
}

/** Serves every operation of the document: the only place that turns its paths into routes. */
export function operationsRouter(options: OperationsOptions): Router {
  // Strict: a trailing slash makes a different path, so that an empty id never lists everything.
  const router = Router({ caseSensitive: true, strict: true });
  const operationsByPath = new Map<string, OperationId[]>();
  for (const id of Object.keys(operationTable) as OperationId[]) {
    const { path } = operationTable[id];
    operationsByPath.set(path, [...(operationsByPath.get(path) ?? []), id]);
  }
  // A path without parameters comes before the templates that it matches (OpenAPI 3.1, Paths Object).
  const rank = ([path]: [string, OperationId[]]) => Number(path.includes('{'));
  for (const [path, ids] of [...operationsByPath].toSorted((a, b) => rank(a) - rank(b))) {
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    for (const id of ids) router[operationTable[id].method](route, ...stepsOf(id, options));
    router.all(route, methodNotAllowed(ids, options));
  }
  return router;
}

/**
 * Returns the step that names the operation, takes from its rate limits, and checks the caller's permission and the
 * query. Comes before the body, so that a rejected caller does not send one.
 */
function operationStart(
  id: OperationId,
  validator: OperationValidator,
  { limit, authorize }: OperationsOptions,
): RequestHandler {
  const takeFromLimits = limit(operationTable[id].rateLimits);
  const checkPermission = authorize(id);
  return (request, response, next) => {
    // For the log, and for the errors that the operation declares.
    request.context.operationId = id;
    takeFromLimits(request, response);
    checkPermission(request);
    validator.checkParameters(request);
    next();
  };
}

/** Returns the step that reads the body of an operation within `timeoutMs`. */
function requestBody(id: OperationId, timeoutMs: number): RequestHandler {
  const accepted = operationTable[id].requestContentTypes.join();
  switch (accepted) {
    case 'application/json':
      return jsonBody(id, timeoutMs);
    case 'multipart/form-data':
      return formBody(id, timeoutMs);
    default:
      throw new Error(`${id}: no reader for ${accepted}`);
  }
}

/** A body may arrive slowly: meanwhile a key can be revoked, or its organisation suspended. */
function authorizeAgain(
  id: OperationId,
  { authenticateAgain, authorize }: OperationsOptions,
): RequestHandler {
  const checkPermission = authorize(id);
  return async (request, _response, next) => {
    await authenticateAgain(request);
    checkPermission(request);
    next();
  };
}

/**
 * Binds an operation of the document to its handler: validates the request, calls the handler and sends the response,
 * which is validated too. All of it runs in one of the caller's slots, so a request that waits has cost little.
 */
function bind<Id extends OperationId>(
  handler: Handler<Id>,
  validator: OperationValidator,
  slots: Slots,
): RequestHandler {
  return (request, response) =>
    runLimited(request, slots, async (pause) => {
      // The client disconnected while the request waited.
      if (response.closed) return;
      await validator.checkRequest(request, response);
      const result = await handler(
        Object.assign(new HandledRequest(request, response, pause), validatedParts<Id>(request)),
      );
      sendResponse(response, result, validator.checkResponse(request, result));
    });
}

/**
 * The part of an `OperationRequest` that is the same for all operations. A class, for its getter: in an object literal,
 * each getter makes a new hidden class, which keeps the request in memory until the next full garbage collection.
 */
class HandledRequest {
  readonly id: string;
  readonly traceparent: string | null;
  readonly withoutDatabase: Pause;
  readonly #request: Request;
  readonly #response: Response;

  constructor(request: Request, response: Response, pause: Pause) {
    this.id = request.context.id;
    this.traceparent = request.context.span?.traceparent ?? null;
    this.withoutDatabase = pause;
    this.#request = request;
    this.#response = response;
  }

  readonly header = (name: string): string | undefined => this.#request.get(name);

  readonly withoutCapacity: Pause = (wait) =>
    this.withoutDatabase(() => this.#request.context.withoutCapacity(wait));

  /** Created lazily: few handlers need it. */
  get signal(): AbortSignal {
    return disconnectSignal(this.#response);
  }
}

/** Returns the parts that the validator and `authorize` have checked, with the document's types. */
function validatedParts<Id extends OperationId>(request: Request): ValidatedParts<Id> {
  const { identity } = request.context;
  return {
    identity: identity.kind === 'anonymous' ? undefined : identity,
    path: request.params,
    query: request.query,
    body: request.body as unknown,
  } as ValidatedParts<Id>;
}

/** Returns a signal that aborts when the client disconnects. */
function disconnectSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}

type Slots = Pick<OperationsOptions, 'concurrency' | 'workerConcurrency'>;

/**
 * Runs a request in a slot of its caller. Workers share slots, whatever their key: many have the same one, and their
 * reports keep sessions alive, so they wait longer.
 */
function runLimited<T>(
  request: Request,
  { concurrency, workerConcurrency }: Slots,
  work: (pause: Pause) => Promise<T>,
): Promise<T> {
  const { identity } = request.context;
  return identity.kind === 'worker'
    ? workerConcurrency.run('', work, { waitsFullTime: true })
    : concurrency.run(shareOf(request), work, { waitsFullTime: isEnd(request) });
}

function methodNotAllowed(ids: readonly OperationId[], { limit }: OperationsOptions): RequestHandler {
  const takeFromLimits = limit(['requests']);
  const methods: string[] = ids.map((id) => operationTable[id].method);
  const all = [...methods, ...(methods.includes('get') ? ['head'] : []), 'options'];
  const allowed = all.map((method) => method.toUpperCase());
  const headers = { Allow: allowed.join(', ') };
  return (request, response) => {
    takeFromLimits(request, response);
    const { method, params } = request;
    const sessionId = params['session_id'];
    if (method === 'DELETE' && ids.includes('sessions.get') && typeof sessionId === 'string') {
      const values = { end: `POST ${linkTo('sessions.end', { session_id: truncate(sessionId) })}` };
      throw new ApiError('method.not_allowed', { situation: 'delete_session', values, headers });
    }
    throw new ApiError('method.not_allowed', { values: { method, allowed: oneOf(allowed) }, headers });
  };
}
