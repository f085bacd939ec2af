import type { NextFunction, Request, Response } from 'express';

import type { Identity } from '../contract/identity.ts';
import { isId, newId } from '../common/ids.ts';

/** What the server knows about a request in addition to what it carries. */
export interface RequestContext {
  readonly id: string;
  /** Milliseconds on the monotonic clock. */
  readonly receivedAt: number;
  identity: Identity;
  /** The operation's id once the route is known. */
  operationId: string | null;
  /** Of the error that was sent; null where none was. */
  errorCode: string | null;
  /** Waits without being counted as work in hand. */
  idle: <T>(wait: () => Promise<T>) => Promise<T>;
}

declare global {
  // The one place Express offers for typed request state.
  namespace Express {
    interface Request {
      context: RequestContext;
    }
  }
}

/** Gives the request its id (the caller's, when it is one of ours) and announces it on the answer. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  const id = given !== undefined && isId('req', given) ? given : newId('req');
  request.context = {
    id,
    receivedAt: performance.now(),
    identity: { kind: 'anonymous', error: null },
    operationId: null,
    errorCode: null,
    idle: (wait) => wait(),
  };
  response.setHeader('X-Request-Id', id);
  next();
}
