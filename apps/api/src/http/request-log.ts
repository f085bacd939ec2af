import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

import { maskSecretsInPath } from '../errors/mask-secrets.ts';
import { truncate } from '../errors/truncate.ts';

/** The message of a request's log line, by which a terminal shows it in a short form. */
export const REQUEST_LOGGED = 'request';

/**
 * Logs one line for each request when it ends, without headers, body or query. A claim without a session is logged at
 * the level `debug`, since an idle worker claims all the time.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.once('close', () => {
      const { id, identity, operationId, errorCode, receivedAt, span } = request.context;
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
          duration_ms: Math.round((performance.now() - receivedAt) * 10) / 10,
        },
        REQUEST_LOGGED,
      );
    });
    next();
  };
}
