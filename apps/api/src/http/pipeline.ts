import type { OperationId } from '@greenroom/contract';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';

import type { Handlers } from '../contract/handlers.ts';
import { setErrorPages } from '../docs-site/error-pages.ts';
import type { DocsSite } from '../docs-site/docs-site.ts';
import type { Admission } from './admission.ts';
import type { CallerConcurrency } from './caller-concurrency.ts';
import { errorHandler } from './error-handler.ts';
import { operationsRouter, type RateLimitNames } from './operations-router.ts';
import { requestContext } from './request-context.ts';
import { headAsGet, originForm, requireHost } from './request-line.ts';
import { requestLog } from './request-log.ts';
import { writeJson } from './response/send-response.ts';
import { unknownRouteError } from './unknown-route.ts';

/** The steps of a request that are built elsewhere, and what the others need. */
export interface PipelineOptions {
  log: Logger;
  trustProxy: boolean;
  admission: Admission;
  /** At the database. */
  concurrency: CallerConcurrency;
  /** For a body to arrive. */
  bodyTimeoutMs: number;
  handlers: Handlers;
  /** Takes from the caller's rate limits and announces them. */
  limit: (names: RateLimitNames) => RequestHandler;
  authenticate: RequestHandler;
  authorize: (id: OperationId) => RequestHandler;
  /** The document, health and readiness. */
  serviceRoutes: RequestHandler;
  /** Null where this server has no documentation. */
  docs: DocsSite | null;
  /** Called when a write failed because the database has no space left. */
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
];

const SECURITY_HEADERS = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  // Express does not send this header here.
  xPoweredBy: false,
});

/** Returns the Express application: every step of a request, in order. The steps of one operation follow in `operationsRouter`. */
export function pipeline(options: PipelineOptions): Express {
  const { log, admission, limit, docs } = options;
  const app = newApplication(options);

  // The id comes first: every later step can fail, and each error names it.
  app.use(requestContext);
  app.use(requestLog(log));
  app.use(SECURITY_HEADERS);
  // The limits of the address are announced until the caller and the operation are known.
  app.use(limit([]));
  // Keys travel in a header, never in a cookie, so any origin may call with a key that it has.
  app.use(cors({ exposedHeaders: EXPOSED_HEADERS, maxAge: 86_400 }));
  // One form of request line for the routes: one Host, no absolute target, GET for HEAD.
  app.use(requireHost);
  app.use(originForm);
  app.use(headAsGet);
  // These need no key and are not operations of the document.
  app.use(options.serviceRoutes);
  if (docs !== null) {
    app.use(docs.router);
    setErrorPages(app, docs.errorPagePath);
  }
  // From here on a server that stops accepts nothing new.
  app.use(admission.whileOpen);
  app.use(options.authenticate);
  app.use(operationsRouter(options));
  app.use(limit(['requests']), (request) => {
    throw unknownRouteError(request);
  });
  // Everything that was thrown becomes the contract's error.
  app.use(errorHandler(log, options));
  return app;
}

function newApplication({ trustProxy }: PipelineOptions): Express {
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  // Repeated and nested keys stay what they are: strings and arrays of strings.
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', trustProxy ? 1 : false);
  // The validator checks a response when `json` is called; this writes it in one piece.
  app.response.json = writeJson;
  return app;
}
