import type { NextFunction, Request, Response } from 'express';

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
