import { operationTable } from '@greenroom/contract';
import cors from 'cors';
import express, { Router, type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';

import type { Metrics } from '../metrics/metrics.ts';
import { errorHandler, type ErrorHandlerOptions } from './error-handler.ts';
import { operationsRouter, type OperationsOptions } from './operations-router.ts';
import { beginRequest } from './request-context.ts';
import { normalizeRequestLine } from './request-line.ts';
import { RequestScheduler } from './request-scheduler.ts';
import { unknownRouteError } from './unknown-route.ts';

/** The steps that are built elsewhere, and the dependencies of the others. */
export interface PipelineOptions extends OperationsOptions, ErrorHandlerOptions {
  /** Null collects none. */
  metrics: Metrics | null;
  trustProxy: boolean;
  /** Returns the key by which requests are scheduled fairly. */
  fairnessKeyOf: (request: Request) => string;
  authenticate: RequestHandler;
  /** The routes that need no key and are not operations of the document. They pass on a request for another path. */
  pages: readonly RequestHandler[];
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

/** The headers that a response of JSON needs. Every header costs time, and the others concern pages. */
const SECURITY_HEADERS = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  // Express does not send it: see newApplication.
  xPoweredBy: false,
  xXssProtection: false,
});

/**
 * Returns the Express application: every step of a request, in order. The steps of one operation follow in
 * `operationsRouter`.
 */
export function pipeline(options: PipelineOptions): Express {
  const { log, metrics, admission } = options;
  const takeFromLimits = options.limit(['requests']);
  const app = newApplication(options);

  // The id comes first, because any step can fail and every error contains the id.
  app.use(beginRequest(log, metrics));
  // Before any other work. The wait for a turn is a part of the request's duration.
  app.use(new RequestScheduler(options.fairnessKeyOf).step);
  app.use(SECURITY_HEADERS);
  app.use(anyOrigin(options));
  app.use(normalizeRequestLine);
  app.use(pagesStep(options));
  // A draining server rejects requests from here on.
  app.use(admission.whileOpen);
  app.use(options.authenticate);
  app.use(operationsRouter(options));
  app.use((request, response) => {
    takeFromLimits(request, response);
    throw unknownRouteError(request);
  });
  // Turns anything thrown into the contract's error.
  app.use(errorHandler(options));
  return app;
}

/**
 * Returns the step that lets pages of any origin call, and responds to their preflights: keys are sent in a header and never
 * in a cookie.
 */
function anyOrigin({ announceAddressLimit }: PipelineOptions): RequestHandler {
  const allow = cors({ exposedHeaders: EXPOSED_HEADERS, maxAge: 86_400 });
  return (request, response, next) => {
    if (request.method === 'OPTIONS') announceAddressLimit(request, response);
    allow(request, response, next);
  };
}

/** The first segments of the paths of operations. */
const OPERATION_ROOTS = new Set(Object.values(operationTable).map(({ path }) => rootOf(path)));

/** Returns the step that serves pages. A request to an operation passes none of them. */
function pagesStep({ pages, announceAddressLimit }: PipelineOptions): RequestHandler {
  const router = Router().use(...pages);
  return (request, response, next) => {
    if (OPERATION_ROOTS.has(rootOf(request.path))) {
      next();
      return;
    }
    announceAddressLimit(request, response);
    router(request, response, next);
  };
}

function rootOf(path: string): string {
  return path.split('/', 2)[1] ?? '';
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
