import type { OperationId } from '@greenroom/contract';
import type { Span } from '@greenroom/tracing';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

import { isId, newId } from '../common/ids.ts';
import type { Identity } from '../contract/identity.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { recordEnd } from './request-log.ts';

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
      recordEnd(log, metrics, request, response);
    });
    next();
  };
}
