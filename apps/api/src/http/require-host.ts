import type { NextFunction, Request, Response } from 'express';

import { ApiError } from './api-error.ts';

/** HTTP/1.1 wants a Host (RFC 9112, section 3.2). Node would refuse its absence itself, without a body. */
export function requireHost(request: Request, response: Response, next: NextFunction): void {
  if (request.headers.host !== undefined || request.httpVersion === '1.0') {
    next();
    return;
  }
  response.setHeader('Connection', 'close');
  throw new ApiError('request.malformed', {
    message: 'The request has no Host header. Check the client or the proxy that sent it.',
  });
}
