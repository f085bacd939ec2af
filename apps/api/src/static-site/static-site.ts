import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

import { staticFile } from './static-file.ts';

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

/** The step that sets the headers of pages, each of which has its own content security policy. */
export const pageHeaders: RequestHandler = helmet({
  contentSecurityPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  // Express does not send it: see pipeline.ts.
  xPoweredBy: false,
});

export interface StaticSiteOptions {
  /** The folder of the built site. Nothing is served while it does not exist. */
  folder: string;
  /** The setting that names the folder. */
  setting: string;
  contentSecurityPolicy: string;
}

/** The files of a built site, with their headers and compression. */
export class StaticSite {
  readonly #options: StaticSiteOptions;
  readonly #files: ReadonlySet<string>;
  readonly #served = new Map<string, RequestHandler>();
  readonly #texts = new Map<string, string>();

  /** @throws {Error} when the folder is a file */
  constructor(options: StaticSiteOptions) {
    this.#options = options;
    this.#files = new Set(filesOf(options));
  }

  /** Whether the site has a file that can be requested by its name. */
  has(file: string): boolean {
    return this.#files.has(file) && !file.endsWith('.gz');
  }

  /** Sends a file of the site, compressed if the client accepts that and the site has a compressed copy. */
  send(file: string, request: Request, response: Response, next: NextFunction): void {
    const isCompressed = this.#files.has(`${file}.gz`) && request.acceptsEncodings('gzip') === 'gzip';
    const name = isCompressed ? `${file}.gz` : file;
    this.#setPolicy(response);
    response.set('Vary', 'Accept-Encoding');
    if (isCompressed) response.set('Content-Encoding', 'gzip');
    let handler = this.#served.get(name);
    if (handler === undefined) {
      handler = staticFile(readFileSync(join(this.#options.folder, name)), typeOf(file), lifetimeOf(file));
      this.#served.set(name, handler);
    }
    Promise.resolve(handler(request, response, next)).catch(next);
  }

  /** Sends a text file that was changed for this request. No cache keeps it. */
  sendChanged(file: string, change: (text: string) => string, response: Response): void {
    this.#setPolicy(response);
    const text = this.#texts.get(file) ?? readFileSync(join(this.#options.folder, file), 'utf8');
    this.#texts.set(file, text);
    response.set({ 'Cache-Control': 'no-store', 'Content-Type': typeOf(file) }).send(change(text));
  }

  #setPolicy(response: Response): void {
    response.set('Content-Security-Policy', this.#options.contentSecurityPolicy);
  }
}

/** A page at a greater depth does not exist. Its relative links would be long. */
const MAX_DEPTH = 20;

/** Returns the path from a page to the root of its site; null for a page too deep to be one. */
export function pathToRoot(path: string): string | null {
  const depth = path.split('/').length - 1;
  return depth > MAX_DEPTH ? null : '../'.repeat(depth);
}

/** Returns whether the client prefers a page to JSON, like a browser. */
export function prefersHtml(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html';
}

/** Returns the paths of the files in a folder, with slashes on every system. */
function filesOf({ folder, setting }: StaticSiteOptions): string[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new Error(`${setting}=${folder} is not a folder.`);
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
