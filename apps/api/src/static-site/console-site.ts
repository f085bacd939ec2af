import { Router, text, type Request, type RequestHandler } from 'express';

import type { SignInCodes } from './sign-in-codes.ts';
import { pageHeaders, pathToRoot, prefersHtml, StaticSite } from './static-site.ts';

/** The path of the console on this server. */
export const CONSOLE_PATH = '/console/';

/** No inline scripts or styles. Pictures are fetched with the key, so they are `blob:` addresses. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = 'index.html';
const BASE = '<base href="./"';
const MAX_CODE_BYTES = 256;

/** Serves the built console. Every path without a file is a page of it for HTML requests; others fall through. */
export function consoleSite(folder: string, signInCodes: SignInCodes | null): Router {
  const site = new StaticSite({
    folder,
    setting: 'GREENROOM_CONSOLE_DIR',
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
  });
  const router = Router({ caseSensitive: true, strict: true });
  router.use(CONSOLE_PATH, pageHeaders);
  // Relative, so that it also works below a path of a reverse proxy.
  router.get('/console', (_request, response) => response.redirect(308, 'console/'));
  if (signInCodes !== null) {
    const readText: RequestHandler = text({ type: 'text/plain', limit: MAX_CODE_BYTES });
    router.post(`${CONSOLE_PATH}sign-in-code`, (request, response, next) => {
      readText(request, response, (error?: unknown) => {
        const isRead = error === undefined && isFromThisMachine(request);
        const keys = isRead ? signInCodes.exchange(String(request.body)) : null;
        if (keys === null) next();
        else response.set('Cache-Control', 'no-store').json(keys);
      });
    });
  }
  router.get(`${CONSOLE_PATH}{*path}`, (request, response, next) => {
    const path = request.path.slice(CONSOLE_PATH.length);
    const root = pathToRoot(path);
    if (path !== '' && path !== PAGE && site.has(path)) {
      site.send(path, request, response, next);
    } else if (!site.has(PAGE) || path.startsWith('assets/') || !prefersHtml(request) || root === null) {
      next();
    } else if (root === '') {
      site.send(PAGE, request, response, next);
    } else {
      // Relative, for the same reason.
      site.sendChanged(PAGE, (html) => html.replace(BASE, `<base href="${root}"`), response);
    }
  });
  return router;
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** Returns whether a program of this machine sent a request directly, without a proxy. */
function isFromThisMachine(request: Request): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded'].some((name) => request.get(name) !== undefined);
  return LOOPBACK.test(request.socket.remoteAddress ?? '') && !isForwarded;
}
