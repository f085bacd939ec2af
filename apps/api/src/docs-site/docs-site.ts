import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { ErrorCode } from '@greenroom/contract';
import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';

import { absoluteUrl } from './absolute-url.ts';
import { staticFile } from './static-file.ts';

/** The path of the documentation on this server. */
export const DOCS_PATH = '/docs/';

/**
 * Allows what any page needs; each page restricts it further by its own policy. The interactive reference adds inline
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
/** Files whose names change with their contents. */
const ASSETS = 'assets/';
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  yaml: 'application/yaml',
};

/** Files that are also expected at the root of a server. */
const MOVED = { '/favicon.ico': 'favicon.svg', '/llms.txt': 'llms.txt' };

export interface DocsSite {
  router: Router;
  /** Returns the path of the page about an error code; null if there is none. */
  errorPagePath: (code: ErrorCode) => string | null;
}

/** Serves the built documentation. Falls through for unknown paths, except HTML requests, which get the 404 page. */
export function docsSite(folder: string): DocsSite {
  const files = new Set(filesOf(folder));
  const served = new Map<string, RequestHandler>();
  const send = (file: string, request: Request, response: Response, next: NextFunction) => {
    const name = files.has(`${file}.gz`) && request.acceptsEncodings('gzip') === 'gzip' ? `${file}.gz` : file;
    response.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, Vary: 'Accept-Encoding' });
    if (name !== file) response.set('Content-Encoding', 'gzip');
    let handler = served.get(name);
    if (handler === undefined) {
      handler = staticFile(readFileSync(join(folder, name)), typeOf(file), lifetimeOf(file));
      served.set(name, handler);
    }
    Promise.resolve(handler(request, response, next)).catch(next);
  };

  const router = Router({ caseSensitive: true, strict: true });
  // Redirects are relative, so that they also work below a path of a reverse proxy.
  router.get('/docs', (_request, response) => response.redirect(308, 'docs/'));
  // A browser; programs get the error of an unknown path.
  router.get('/', (request, response, next) => {
    if (files.has('index.html') && request.accepts(['json', 'html']) === 'html') {
      response.redirect(302, 'docs/');
    } else {
      next();
    }
  });
  for (const [path, file] of Object.entries(MOVED)) {
    router.get(path, (_request, response, next) => {
      if (files.has(file)) response.redirect(302, `docs/${file}`);
      else next();
    });
  }
  router.get('/robots.txt', (request, response, next) => {
    if (files.has(SITEMAP)) sendRobots(request, response);
    else next();
  });
  router.get(`${DOCS_PATH}${SITEMAP}`, (request, response, next) => {
    if (files.has(SITEMAP)) sendSitemap(folder, request, response);
    else next();
  });
  router.get(`${DOCS_PATH}{*path}`, (request, response, next) => {
    const path = request.path.slice(DOCS_PATH.length);
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (files.has(file) && !file.endsWith('.gz')) {
      send(file, request, response, next);
    } else if (files.has(`${path}/index.html`)) {
      response.redirect(308, `${path.split('/').at(-1) ?? ''}/`);
    } else if (files.has(NO_PAGE) && request.accepts(['json', 'html']) === 'html') {
      noPage(folder, path, response);
    } else {
      next();
    }
  });
  return {
    router,
    errorPagePath: (code) => (files.has(`errors/${code}/index.html`) ? `${DOCS_PATH}errors/${code}/` : null),
  };
}

/** Returns the paths of the files in a folder, with slashes on every system. */
function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new Error(`GREENROOM_DOCS_DIR=${folder} is not a folder.`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

function typeOf(file: string): string {
  return TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
}

function lifetimeOf(file: string): string {
  return file.startsWith(ASSETS)
    ? 'public, max-age=31536000, immutable'
    : 'public, max-age=0, must-revalidate';
}

/** Sends the 404 page. Its links begin with `./` for the root of the site, since it is shown at any depth. */
function noPage(folder: string, path: string, response: Response): void {
  const root = '../'.repeat(path.split('/').length - 1) || './';
  const page = readFileSync(join(folder, NO_PAGE), 'utf8').replaceAll('="./', `="${root}`);
  response
    .status(404)
    .set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'Cache-Control': 'no-store' })
    .type('html')
    .send(page);
}

/** Lets search engines read the documentation. */
function sendRobots(request: Request, response: Response): void {
  const sitemap = absoluteUrl(request, `${DOCS_PATH}${SITEMAP}`);
  response.type('txt').send(`User-agent: *\nAllow: ${DOCS_PATH}\nDisallow: /\nSitemap: ${sitemap}\n`);
}

/** Sends the list of pages, in which addresses must be absolute. In the file they begin with `./`. */
function sendSitemap(folder: string, request: Request, response: Response): void {
  const root = absoluteUrl(request, DOCS_PATH);
  const list = readFileSync(join(folder, SITEMAP), 'utf8').replaceAll('<loc>./', `<loc>${root}`);
  response.type(TYPES['xml'] ?? '').send(list);
}
