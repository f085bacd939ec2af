import type { NextFunction, Request, Response } from 'express';

import { ApiError } from '../errors/api-error.ts';

/**
 * Normalizes the request line for the routes: a target without a host, and GET for HEAD.
 *
 * @throws {ApiError} 400 without exactly one Host header
 */
export function normalizeRequestLine(request: Request, response: Response, next: NextFunction): void {
  requireHost(request, response);
  reduceTarget(request);
  serveHeadAsGet(request);
  next();
}

/**
 * Requires one Host header (RFC 9112, section 3.2). HTTP/1.1 requires it, and with two a proxy may have read the other
 * one. Node's own check responds without a body.
 */
function requireHost(request: Request, response: Response): void {
  const hosts = countOf(request.rawHeaders, 'host');
  if (hosts === 1 || (hosts === 0 && request.httpVersion === '1.0')) return;
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
function reduceTarget(request: Request): void {
  const target = request.url.replace(/^https?:\/\/[^/?#]*/i, '');
  if (target === request.url) return;
  request.url = target.startsWith('/') ? target : `/${target}`;
  request.originalUrl = request.url;
}

/**
 * Serves HEAD as GET (RFC 9110, section 9.3.2), with the same route and checks. Node has
 * already noted that the response has no body.
 */
function serveHeadAsGet(request: Request): void {
  if (request.method !== 'HEAD') return;
  request.method = 'GET';
  request.context.isHead = true;
}
