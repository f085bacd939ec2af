import type { Request, Response } from 'express';
import type { Logger } from 'pino';

import { maskSecretsInPath } from '../errors/mask-secrets.ts';
import { truncate } from '../errors/message-text.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The message of a request's log line, by which a terminal shows it in a short form. */
export const REQUEST_LOGGED = 'request';

/** Logs and counts a request that has ended. Without metrics, only logs it. */
export function recordEnd(log: Logger, metrics: Metrics | null, request: Request, response: Response): void {
  const durationMs = performance.now() - request.context.receivedAt;
  logEnd(log, request, response, durationMs);
  if (metrics !== null) countEnd(metrics, request, response, durationMs);
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
