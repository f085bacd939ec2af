import type { OperationId } from '@greenroom/contract';
import type { Span } from '@greenroom/tracing';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

import { isId, newId } from '../common/ids.ts';
import type { Identity } from '../contract/identity.ts';
import { maskSecretsInPath, truncate } from '../errors/message-text.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The server's state of a request. */
export interface RequestContext {
  readonly id: string;
  /** Milliseconds on the monotonic clock. */
  readonly receivedAt: number;
  identity: Identity;
  /** The generation of the key cache when the identity was looked up. */
  keyGeneration: number;
  /** The operation's id; null before the route is known. */
  operationId: OperationId | null;
  /** The code of the error that was sent; null without one. */
  errorCode: string | null;
  /** Null when it is not traced. */
  span: Span | null;
  /** Whether the client wants only the headers of the response. */
  isHead: boolean;
  /** Waits without counting against the capacity of the process. */
  withoutCapacity: <T>(wait: () => Promise<T>) => Promise<T>;
}

declare global {
  // Express's place for typed state of a request.
  namespace Express {
    interface Request {
      context: RequestContext;
    }
  }
}

/** The message of a request's log line, by which a terminal shows it in a short form. */
export const REQUEST_LOGGED = 'request';

/**
 * Returns the step that gives a request its state and its id, the caller's if it is well-formed, and logs and counts it
 * when it ends.
 */
export function beginRequest(log: Logger, metrics: Metrics | null): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id');
    const id = given !== undefined && isId('req', given) ? given : newId('req');
    request.context = {
      id,
      receivedAt: performance.now(),
      identity: { kind: 'anonymous', error: null },
      keyGeneration: 0,
      operationId: null,
      errorCode: null,
      span: null,
      isHead: false,
      withoutCapacity: (wait) => wait(),
    };
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      const durationMs = performance.now() - request.context.receivedAt;
      logEnd(log, request, response, durationMs);
      if (metrics !== null) countEnd(metrics, request, response, durationMs);
    });
    next();
  };
}

/**
 * Logs one line without headers, body or query. A claim without a session is logged at the level `debug`, since an idle
 * worker claims all the time.
 */
function logEnd(log: Logger, request: Request, response: Response, durationMs: number): void {
  const { id, identity, operationId, errorCode, span } = request.context;
  const isIdle = operationId === 'workers.claim' && response.statusCode === 204;
  log[isIdle ? 'debug' : 'info'](
    {
      request_id: id,
      trace_id: span?.traceId,
      method: request.method,
      path: truncate(maskSecretsInPath(request.path)),
      operation: operationId,
      org: identity.kind === 'customer' ? identity.orgId : undefined,
      status: response.statusCode,
      code: errorCode ?? undefined,
      aborted: response.writableFinished ? undefined : true,
      duration_ms: Math.round(durationMs * 10) / 10,
    },
    REQUEST_LOGGED,
  );
}

function countEnd(metrics: Metrics, request: Request, response: Response, durationMs: number): void {
  const { operationId, errorCode } = request.context;
  metrics.requestEnded({
    operation: operationId,
    status: response.writableFinished ? response.statusCode : null,
    code: errorCode,
    seconds: durationMs / 1000,
  });
}
