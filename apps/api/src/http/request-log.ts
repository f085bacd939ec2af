import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

/** One line for each request when it is over. Ids and figures only: no header, body or query is logged. */
export function requestLog(log: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.once('close', () => {
      const { id, identity, operationId, receivedAt } = request.context;
      log.info(
        {
          request_id: id,
          method: request.method,
          operation: operationId,
          org: identity.kind === 'customer' ? identity.orgId : undefined,
          status: response.statusCode,
          aborted: response.writableFinished ? undefined : true,
          duration_ms: Math.round((performance.now() - receivedAt) * 10) / 10,
        },
        'request',
      );
    });
    next();
  };
}
