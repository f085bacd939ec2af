import cors from 'cors';
import express, { type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';

import type { Metrics } from '../metrics/metrics.ts';
import { CONSOLE_PATH } from '../static-site/console-site.ts';
import { DOCS_PATH, type DocsSite } from '../static-site/docs-site.ts';
import { setErrorPages } from '../static-site/error-pages.ts';
import { errorHandler } from './error-handler.ts';
import { operationsRouter, type OperationsOptions } from './operations-router.ts';
import { requestContext } from './request-context.ts';
import { recordEnd } from './request-end.ts';
import { normalizeRequestLine } from './request-line.ts';
import { RequestTurns } from './request-turns.ts';
import { unknownRouteError } from './unknown-route.ts';

/** The steps that are built elsewhere, and the dependencies of the others. */
export interface PipelineOptions extends OperationsOptions {
  log: Logger;
  /** Null collects none. */
  metrics: Metrics | null;
  trustProxy: boolean;
  /** Returns the name of the caller whose turn a request takes. */
  turnOf: (request: Request) => string;
  /** Announces the rate limit of the caller's address. */
  announceLimit: RequestHandler;
  authenticate: RequestHandler;
  /** The document, health and readiness. */
  serviceRoutes: RequestHandler;
  /** Null serves no documentation. */
  docs: DocsSite | null;
  /** Null serves no console. */
  console: RequestHandler | null;
  /** Called when a write fails because the database has no space left. */
  noteOutOfSpace: () => void;
}

const EXPOSED_HEADERS = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Location',
  'Idempotent-Replayed',
  'Link',
  'ETag',
];

const SHARED_HEADERS = {
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  // Express does not send it: see newApplication.
  xPoweredBy: false,
} as const;

/** The headers that a response of JSON needs. Every header costs time, and the others concern pages. */
const SECURITY_HEADERS = helmet({
  ...SHARED_HEADERS,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** The headers of pages, each of which has its own content security policy. */
const PAGE_HEADERS = helmet({ ...SHARED_HEADERS, contentSecurityPolicy: false });

/**
 * Returns the Express application: every step of a request, in order. The steps of one operation follow in
 * `operationsRouter`.
 */
export function pipeline(options: PipelineOptions): Express {
  const { log, metrics, admission, docs, console } = options;
  const takeFromLimits = options.limit(['requests']);
  const app = newApplication(options);

  // The id comes before the others: each can fail, and every error names it.
  app.use(requestContext);
  app.use(recordEnd(log, metrics));
  // Before any other work. The wait for a turn is a part of the request's duration.
  app.use(new RequestTurns(options.turnOf).step);
  app.use(SECURITY_HEADERS);
  // Until the caller and the operation are known.
  app.use(options.announceLimit);
  // Keys are sent in a header and never in a cookie, so any origin may call with its key.
  app.use(cors({ exposedHeaders: EXPOSED_HEADERS, maxAge: 86_400 }));
  app.use(normalizeRequestLine);
  // Need no key and are not operations of the document.
  app.use(options.serviceRoutes);
  if (docs !== null) {
    app.use(DOCS_PATH, PAGE_HEADERS);
    app.use(docs.router);
    setErrorPages(app, docs.errorPagePath);
  }
  if (console !== null) {
    app.use(CONSOLE_PATH, PAGE_HEADERS);
    app.use(console);
  }
  // A draining server rejects requests from here on.
  app.use(admission.whileOpen);
  app.use(options.authenticate);
  app.use(operationsRouter(options));
  app.use((request, response) => {
    takeFromLimits(request, response);
    throw unknownRouteError(request);
  });
  // Turns anything thrown into the contract's error.
  app.use(errorHandler(log, options));
  return app;
}

function newApplication({ trustProxy }: PipelineOptions): Express {
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  // Query parameters are strings and arrays of strings, never objects.
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', trustProxy ? 1 : false);
  return app;
}
