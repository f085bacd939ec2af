import type { NextFunction, Request, Response } from 'express';

import { ApiError } from '../errors/api-error.ts';

/**
 * Requires one Host header (RFC 9112, section 3.2): HTTP/1.1 wants it, and of two a proxy may have read the other one.
 * Node would refuse its absence itself, without a body.
 */
export function requireHost(request: Request, response: Response, next: NextFunction): void {
  const hosts = countOf(request.rawHeaders, 'host');
  if (hosts === 1 || (hosts === 0 && request.httpVersion === '1.0')) {
    next();
    return;
  }
  response.setHeader('Connection', 'close');
  throw new ApiError('request.malformed', {
    situation: 'host',
    values: { count: hosts },
  });
}

/** How often a header was sent. Names and values take turns in `rawHeaders`. */
function countOf(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}

/**
 * A target may be a whole URL, as a proxy is asked (RFC 9112, section 3.2.2): it means the path in it. Express
 * finds routes either way, and the validator would not.
 */
export function originForm(request: Request, _response: Response, next: NextFunction): void {
  const target = request.url.replace(/^https?:\/\/[^/?#]*/i, '');
  if (target !== request.url) {
    request.url = target.startsWith('/') ? target : `/${target}`;
    request.originalUrl = request.url;
  }
  next();
}

/**
 * HEAD is GET without the body (RFC 9110, section 9.3.2): served by the same route, under the same checks.
 * Node decided at arrival that this answer has no body.
 */
export function headAsGet(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'HEAD') request.method = 'GET';
  next();
}
