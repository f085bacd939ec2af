import type { Database } from '@greenroom/database';
import cors from 'cors';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';

import { apiKeyHandlers } from './api-keys/api-key-handlers.ts';
import { assignmentHandlers } from './assignments/assignment-handlers.ts';
import { ClaimService } from './assignments/claim-service.ts';
import type { DispatchWaker } from './assignments/dispatch-channels.ts';
import { ReportService } from './assignments/report-service.ts';
import type { Waits } from './assignments/waits.ts';
import { identify } from './authentication/authenticator.ts';
import type { KeyCache } from './authentication/key-cache.ts';
import type { KeyUsage } from './authentication/key-usage.ts';
import { avatarHandlers } from './avatars/avatar-handlers.ts';
import type { RateLimitConfig, SessionConfig } from './config.ts';
import type { Handlers } from './contract/handlers.ts';
import { operationsRouter } from './contract/operations-router.ts';
import type { Admission } from './http/admission.ts';
import { writeJson } from './http/answers.ts';
import { CallerTurns } from './http/caller-turns.ts';
import { docsSite } from './http/docs-site.ts';
import { errorHandler } from './http/error-handler.ts';
import { setErrorPage } from './http/error-page.ts';
import { headAsGet } from './http/head-as-get.ts';
import { originForm } from './http/origin-form.ts';
import { requestContext } from './http/request-context.ts';
import { requestLog } from './http/request-log.ts';
import { requireHost } from './http/require-host.ts';
import { serviceRoutes } from './http/service-routes.ts';
import { unknownRoute } from './http/unknown-route.ts';
import { limitHandlers } from './limits/limit-handlers.ts';
import type { Pictures } from './pictures/pictures.ts';
import { planHandlers } from './plans/plan-handlers.ts';
import { addressLimit, rateLimit, type RateLimitNames } from './rate-limits/rate-limit-middleware.ts';
import type { RateLimiter } from './rate-limits/rate-limiter.ts';
import { sessionHandlers } from './sessions/session-handlers.ts';
import { SessionService } from './sessions/session-service.ts';
import type { SessionTransitions } from './sessions/session-transitions.ts';
import { TokenCipher } from './sessions/token-cipher.ts';
import type { DatabaseProbe } from './status/database-probe.ts';
import { statusHandlers } from './status/status-handlers.ts';
import type { StatusProbe } from './status/status-probe.ts';
import { usageHandlers } from './usage/usage-handlers.ts';
import { workerHandlers } from './workers/worker-handlers.ts';

/** What the application needs of the process it runs in. */
export interface AppContext {
  database: Database;
  log: Logger;
  admission: Admission;
  /** For a body to arrive. */
  bodyTimeoutMs: number;
  /** The folder of the documentation; null where this server has none. */
  docsDir: string | null;
  keyCache: KeyCache;
  keyUsage: KeyUsage;
  rateLimiter: RateLimiter;
  databaseProbe: DatabaseProbe;
  /** Whether jobs and notifications are worked on at this moment. */
  isDispatching: () => boolean;
  pictures: Pictures;
  statusProbe: StatusProbe;
  rateLimits: RateLimitConfig;
  sessions: SessionConfig;
  trustProxy: boolean;
  transitions: SessionTransitions;
  waker: DispatchWaker;
  /** Claims that wait for a session. */
  queueWaits: Waits;
  /** Reports that wait for a directive. */
  directiveWaits: Waits;
}

/** The part of a process's database connections that one caller may hold. */
const CALLER_CONNECTIONS_SHARE = 1 / 4;

const EXPOSED_HEADERS = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Location',
  'Idempotent-Replayed',
  'Link',
];

/** The Express application: what happens to a request, in order. It does not listen. */
export function createApp(context: AppContext): Express {
  const { log, rateLimiter, rateLimits } = context;
  const limit = (names: RateLimitNames) => rateLimit(names, rateLimiter, rateLimits);
  const turns = new CallerTurns(turnsOf(context.database));
  const app = express();
  app.disable('etag');
  app.disable('x-powered-by');
  // Repeated and nested keys stay what they are: strings and arrays of strings.
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', context.trustProxy ? 1 : false);
  app.response.json = writeJson;

  app.use(requestContext);
  app.use(requestLog(log));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      // Express was told not to say so: there is nothing to take back.
      xPoweredBy: false,
    }),
  );
  // Until it is known who calls, and for what, the limits are those of the address.
  app.use(limit([]));
  // Keys travel in a header, never in a cookie, so any origin may call with a key that it has.
  app.use(cors({ exposedHeaders: EXPOSED_HEADERS, maxAge: 86_400 }));
  app.use(requireHost);
  app.use(originForm);
  app.use(headAsGet);
  app.use(serviceRoutes(context));
  if (context.docsDir !== null) {
    const docs = docsSite(context.docsDir);
    app.use(docs.router);
    setErrorPage(app, docs.errorPage);
  }
  app.use(context.admission.whileOpen);
  app.use(
    identify({
      ...context,
      turns,
      addressLimit: addressLimit(rateLimiter, rateLimits),
    }),
  );
  app.use(
    operationsRouter(handlers(context), {
      limit,
      admission: context.admission,
      turns,
      bodyTimeoutMs: context.bodyTimeoutMs,
    }),
  );
  app.use(limit(['requests']), (request) => {
    throw unknownRoute(request);
  });
  app.use(errorHandler(log, context.databaseProbe));
  return app;
}

/** Returns how many requests of one caller may use the database at once, so that connections are left for others. */
function turnsOf({ pool }: Database): number {
  return Math.max(1, Math.floor(pool.options.max * CALLER_CONNECTIONS_SHARE));
}

/** The document's operations, each in its place; a missing one does not compile. */
function handlers(context: AppContext): Handlers {
  const { database, sessions, transitions, waker, rateLimiter, rateLimits, statusProbe } = context;
  const cipher = new TokenCipher(sessions.tokenKey);
  const claims = new ClaimService(database, sessions, cipher, transitions, waker, context.queueWaits);
  const reports = new ReportService(database, sessions, transitions, context.directiveWaits);
  return {
    sessions: sessionHandlers(database, new SessionService(database, sessions, cipher, transitions, waker)),
    usage: usageHandlers(database),
    avatars: avatarHandlers(database, context.pictures),
    limits: limitHandlers(database, rateLimiter, rateLimits),
    plans: planHandlers(database),
    status: statusHandlers(statusProbe),
    apiKeys: apiKeyHandlers(database, cipher),
    workers: workerHandlers(database, claims, sessions),
    assignments: assignmentHandlers(database, reports, sessions),
  };
}
