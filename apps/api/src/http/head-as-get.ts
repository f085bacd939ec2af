import type { NextFunction, Request, Response } from 'express';

/**
 * HEAD is GET without the body (RFC 9110, section 9.3.2): served by the same route, under the same checks.
 * Node decided at arrival that this answer has no body.
 */
export function headAsGet(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'HEAD') request.method = 'GET';
  next();
}
