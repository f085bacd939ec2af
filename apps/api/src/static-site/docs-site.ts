import type { ErrorCode } from '@greenroom/contract';
import { Router } from 'express';

import { prefersHtml, StaticSite } from './static-site.ts';

/** The path of the documentation on this server. */
export const DOCS_PATH = '/docs/';

/**
 * Allows what any page needs; each page restricts it further by its own policy. The interactive reference adds inline
 * styles.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NO_PAGE = '404.html';

export interface DocsSite {
  router: Router;
  /** Returns the path of the page about an error code; null if there is none. */
  errorPagePath: (code: ErrorCode) => string | null;
}

/** Serves the built documentation. Falls through for unknown paths, except HTML requests, which get the 404 page. */
export function docsSite(folder: string): DocsSite {
  const site = new StaticSite({
    folder,
    setting: 'GREENROOM_DOCS_DIR',
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
  });

  const router = Router({ caseSensitive: true, strict: true });
  router.get('/docs', (_request, response) => response.redirect(308, DOCS_PATH));
  // A browser; programs get the error of an unknown path.
  router.get('/', (request, response, next) => {
    if (site.has('index.html') && prefersHtml(request)) response.redirect(302, DOCS_PATH);
    else next();
  });
  router.get('/favicon.ico', (_request, response, next) => {
    if (site.has('favicon.svg')) response.redirect(302, `${DOCS_PATH}favicon.svg`);
    else next();
  });
  router.get('/llms.txt', (_request, response, next) => {
    if (site.has('llms.txt')) response.redirect(302, `${DOCS_PATH}llms.txt`);
    else next();
  });
  router.get(`${DOCS_PATH}{*path}`, (request, response, next) => {
    const path = request.path.slice(DOCS_PATH.length);
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (site.has(file)) {
      site.send(file, request, response, next);
    } else if (site.has(`${path}/index.html`)) {
      response.redirect(308, `${DOCS_PATH}${path}/`);
    } else if (site.has(NO_PAGE) && prefersHtml(request)) {
      // Its links begin with `./` for the root of the site, since it is shown at any depth.
      response.status(404);
      site.sendChanged(NO_PAGE, (html) => html.replaceAll('="./', `="${DOCS_PATH}`), response);
    } else {
      next();
    }
  });
  return {
    router,
    errorPagePath: (code) => (site.has(`errors/${code}/index.html`) ? `${DOCS_PATH}errors/${code}/` : null),
  };
}
