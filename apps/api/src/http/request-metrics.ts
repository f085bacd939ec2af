import type { NextFunction, Request, RequestHandler, Response } from 'express';

import type { Metrics } from '../metrics/metrics.ts';

/** Counts each request when it ends. */
export function requestMetrics(metrics: Metrics): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.once('close', () => {
      const { operationId, errorCode, receivedAt } = request.context;
      metrics.requestEnded({
        operation: operationId,
        status: response.writableFinished ? response.statusCode : null,
        code: errorCode,
        seconds: (performance.now() - receivedAt) / 1000,
      });
    });
    next();
  };
}
