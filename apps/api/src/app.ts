import type { Express } from 'express';

import { apiKeyHandlers } from './api-keys/api-key-handlers.ts';
import { assignmentHandlers } from './assignments/assignment-handlers.ts';
import { ClaimService } from './assignments/claim-service.ts';
import { ReportService } from './assignments/report-service.ts';
import { authentication, fairnessKeyOf, identifyAgain } from './authentication/authenticator.ts';
import { authorize, mayCall } from './authentication/authorization.ts';
import { avatarHandlers } from './avatars/avatar-handlers.ts';
import type { Handlers } from './contract/handlers.ts';
import { eventHandlers } from './events/event-handlers.ts';
import { CallerConcurrency } from './http/caller-concurrency.ts';
import { pipeline } from './http/pipeline.ts';
import { limitHandlers } from './limits/limit-handlers.ts';
import { planHandlers } from './plans/plan-handlers.ts';
import { networkOf, rateLimit } from './rate-limits/rate-limit-middleware.ts';
import type { ServerOptions, ServerParts } from './server-parts.ts';
import { PipecatSessionService } from './sessions/pipecat-session-service.ts';
import { RoomSessionService } from './sessions/room-session-service.ts';
import { pipecatSessionHandlers, sessionHandlers } from './sessions/session-handlers.ts';
import { consoleSite } from './static-site/console-site.ts';
import { docsSite } from './static-site/docs-site.ts';
import { serviceRoutes } from './status/service-routes.ts';
import { statusHandlers } from './status/status-handlers.ts';
import { StatusProbe } from './status/status-probe.ts';
import { usageHandlers } from './usage/usage-handlers.ts';
import { webhookDeliveryHandlers, webhookEndpointHandlers } from './webhooks/webhook-handlers.ts';
import { WebhookService } from './webhooks/webhook-service.ts';
import { workerHandlers } from './workers/worker-handlers.ts';

/** The options and the parts of the process. */
export interface AppContext extends Omit<ServerOptions, 'metrics'>, ServerParts {
  /** Time for a body to arrive. */
  bodyTimeoutMs: number;
  /** Whether jobs and notifications are being processed. */
  isDispatching: () => boolean;
}

/** The part of a process's database connections that one caller may use. */
const CALLER_CONNECTIONS_SHARE = 1 / 4;
/** The part that all workers may use together. */
const WORKER_CONNECTIONS_SHARE = 1 / 2;
/** The part that look-ups of unknown keys may use together. */
const LOOK_UP_CONNECTIONS_SHARE = 1 / 2;
/** Limits the wait for a connection, so that a look-up is rejected in time even after the wait for a slot of its address. */
const LOOK_UP_TIMEOUT_MS = 1_500;

/** Returns the Express application. It does not listen. */
export function createApp(context: AppContext): Express {
  const { addressLimit, rateLimiter, rateLimits, databaseProbe, docsDir, consoleDir } = context;
  const connections = (share: number) => Math.max(1, Math.floor(context.database.pool.options.max * share));
  // Leaves connections for others.
  const concurrency = new CallerConcurrency(connections(CALLER_CONNECTIONS_SHARE));
  const lookUps = new CallerConcurrency(connections(LOOK_UP_CONNECTIONS_SHARE), {
    timeoutMs: LOOK_UP_TIMEOUT_MS,
  });
  const workerConcurrency = new CallerConcurrency(connections(WORKER_CONNECTIONS_SHARE));
  const docs = docsDir === null ? null : docsSite(docsDir);
  return pipeline({
    ...context,
    concurrency,
    workerConcurrency,
    handlers: handlers(context),
    fairnessKeyOf: fairnessKeyOf(context.keyCache, networkOf),
    announceAddressLimit: (request, response) => addressLimit.announce(request, response),
    limit: (names) => rateLimit(names, rateLimiter, rateLimits),
    ...authentication({ ...context, concurrency, lookUps }),
    authorize,
    pages: [
      serviceRoutes(context),
      ...(docs === null ? [] : [docs.router]),
      ...(consoleDir === null ? [] : [consoleSite(consoleDir, context.signInCodes ?? null)]),
    ],
    noteOutOfSpace: () => databaseProbe.noteOutOfSpace(),
    errorPagePath: docs === null ? () => null : docs.errorPagePath,
  });
}

/** Returns the handlers of the document's operations. A missing one does not compile. */
function handlers(context: AppContext): Handlers {
  const {
    database,
    cipher,
    deliverer,
    webhooks,
    sessions,
    transitions,
    notifier,
    rateLimiter,
    rateLimits,
    databaseProbe,
    isDispatching,
    metrics,
    tracing,
  } = context;
  const shared = { database, config: sessions, cipher, transitions, notifier };
  const claims = new ClaimService({ ...shared, metrics, tracing, waitingClaims: context.waitingClaims });
  const reports = new ReportService({ ...shared, waitingReports: context.waitingReports });
  const webhookService = new WebhookService({ database, cipher, policy: webhooks, deliverer });
  return {
    sessions: sessionHandlers({ database, rooms: new RoomSessionService(shared), transitions }),
    pipecatSessions: pipecatSessionHandlers(
      new PipecatSessionService({ ...shared, waitingReports: context.waitingReports }),
    ),
    usage: usageHandlers(database),
    avatars: avatarHandlers(database, context.images),
    limits: limitHandlers(database, rateLimiter, rateLimits),
    plans: planHandlers(database),
    status: statusHandlers(new StatusProbe(database, databaseProbe, isDispatching)),
    events: eventHandlers({
      database,
      streams: context.eventStreams,
      isAllowed: async (header) => mayCall(await identifyAgain(context, header), 'events.stream'),
    }),
    webhookEndpoints: webhookEndpointHandlers(database, webhookService, cipher),
    webhookDeliveries: webhookDeliveryHandlers(database, webhookService),
    apiKeys: apiKeyHandlers(database, cipher),
    workers: workerHandlers(database, claims, sessions),
    assignments: assignmentHandlers(database, reports, sessions),
  };
}
