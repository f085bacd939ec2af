import { operationTable, type OperationId } from '@greenroom/contract';
import type { Tracing } from '@greenroom/tracing';
import type { RequestHandler } from 'express';

import { maskSecretsInPath } from '../errors/mask-secrets.ts';
import { truncate } from '../errors/message-text.ts';

/**
 * Makes a span of a request, which continues the caller's trace. A worker's request has a span only within the trace of
 * a session: otherwise idle workers would fill the traces with claims.
 */
export function requestTrace(id: OperationId, tracing: Tracing): RequestHandler {
  const { method, path, security } = operationTable[id];
  const isOfWorkers = security.some((requirement) => 'workerKey' in requirement);
  const shared = { 'http.request.method': method.toUpperCase(), 'http.route': path };
  return (request, response, next) => {
    const { context } = request;
    const traceparent = request.get('traceparent');
    if (isOfWorkers && traceparent === undefined) {
      next();
      return;
    }
    const span = tracing.startSpan(id, {
      kind: 'server',
      parent: { traceparent, tracestate: request.get('tracestate') },
      startedAt: new Date(Date.now() - (performance.now() - context.receivedAt)),
      attributes: {
        ...shared,
        'url.path': truncate(maskSecretsInPath(request.path)),
        'greenroom.request.id': context.id,
        ...(context.identity.kind === 'customer' && {
          'greenroom.organisation.id': context.identity.orgId,
        }),
      },
    });
    context.span = span;
    response.once('close', () => {
      const { errorCode } = context;
      if (response.writableFinished) span.setAttributes({ 'http.response.status_code': response.statusCode });
      // By convention, an error of the caller does not mark the server's span as failed.
      if (response.statusCode >= 500) span.fail(errorCode ?? String(response.statusCode));
      else if (errorCode !== null) span.setAttributes({ 'error.type': errorCode });
      span.end();
    });
    span.run(next);
  };
}
