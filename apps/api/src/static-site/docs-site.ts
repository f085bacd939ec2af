import type { ErrorCode } from '@greenroom/contract';
import { Router } from 'express';

import { absoluteUrl } from '../common/absolute-url.ts';
import { pageHeaders, pathToRoot, prefersHtml, StaticSite } from './static-site.ts';

/** The path of the documentation on this server. */
export const DOCS_PATH = '/docs/';

/**
 * Allows everything that some page needs; each page has a stricter policy. The interactive reference adds inline
 * styles, and the playground the sockets of workers and pictures that it fetched with a key.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NO_PAGE = '404.html';
const SITEMAP = 'sitemap.xml';
const POSTMAN = 'postman.json';
/** The address in the document's examples, of a server with default settings. */
const EXAMPLE_ADDRESS = 'http://localhost:4000';
/** Files that are also expected at the root of a server. */
const MOVED = { '/favicon.ico': 'favicon.svg', '/llms.txt': 'llms.txt' };

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
  router.use(DOCS_PATH, pageHeaders);
  // Redirects are relative, so that they also work below a path of a reverse proxy.
  router.get('/docs', (_request, response) => response.redirect(308, 'docs/'));
  // Redirects browsers. Programs get the error of an unknown path.
  router.get('/', (request, response, next) => {
    if (site.has('index.html') && prefersHtml(request)) response.redirect(302, 'docs/');
    else next();
  });
  for (const [path, file] of Object.entries(MOVED)) {
    router.get(path, (_request, response, next) => {
      if (site.has(file)) response.redirect(302, `docs/${file}`);
      else next();
    });
  }
  // Lets search engines read the documentation.
  router.get('/robots.txt', (request, response, next) => {
    if (!site.has(SITEMAP)) {
      next();
      return;
    }
    const sitemap = absoluteUrl(request, `${DOCS_PATH}${SITEMAP}`);
    response.type('txt').send(`User-agent: *\nAllow: ${DOCS_PATH}\nDisallow: /\nSitemap: ${sitemap}\n`);
  });
  router.get(`${DOCS_PATH}${SITEMAP}`, (request, response, next) => {
    if (!site.has(SITEMAP)) {
      next();
      return;
    }
    // The sitemap's addresses must be absolute. In the file they begin with `./`.
    const root = absoluteUrl(request, DOCS_PATH);
    site.sendChanged(SITEMAP, (list) => list.replaceAll('<loc>./', `<loc>${root}`), response);
  });
  router.get(`${DOCS_PATH}${POSTMAN}`, (request, response, next) => {
    if (!site.has(POSTMAN)) {
      next();
      return;
    }
    // The collection's requests go to the server that it came from.
    const server = absoluteUrl(request, '') || EXAMPLE_ADDRESS;
    site.sendChanged(POSTMAN, (collection) => collection.replaceAll(EXAMPLE_ADDRESS, server), response);
  });
  router.get(`${DOCS_PATH}{*path}`, (request, response, next) => {
    const path = request.path.slice(DOCS_PATH.length);
    const root = pathToRoot(path);
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (site.has(file)) {
      site.send(file, request, response, next);
    } else if (site.has(`${path}/index.html`)) {
      response.redirect(308, `${path.split('/').at(-1) ?? ''}/`);
    } else if (site.has(NO_PAGE) && prefersHtml(request) && root !== null) {
      response.status(404);
      // The page's links begin with `./` for the root of the site, because it is shown at any depth.
      site.sendChanged(NO_PAGE, (html) => html.replaceAll('="./', `="${root || './'}`), response);
    } else {
      next();
    }
  });
  return {
    router,
    errorPagePath: (code) => (site.has(`errors/${code}/index.html`) ? `${DOCS_PATH}errors/${code}/` : null),
  };
}
