import type { NextFunction, Request, Response } from 'express';

import { ApiError } from '../errors/api-error.ts';

/**
 * Requires one Host header (RFC 9112, section 3.2). HTTP/1.1 requires it, and with two a proxy may have read the other
 * one. Node's own check responds without a body.
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

/** Counts a header. `rawHeaders` has names at even indexes and values at odd ones. */
function countOf(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}

/**
 * Reduces a target that is a whole URL, as sent to a proxy (RFC 9112, section 3.2.2), to its path. Express routes
 * either, but the validator does not.
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
 * Serves HEAD as GET (RFC 9110, section 9.3.2), with the same route and checks. Node has
 * already noted that the response has no body.
 */
export function headAsGet(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'HEAD') {
    request.method = 'GET';
    request.context.isHead = true;
  }
  next();
}
