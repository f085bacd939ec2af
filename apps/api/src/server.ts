import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { openPool, subscribe, type Database } from '@greenroom/database';
import type { Tracing } from '@greenroom/tracing';
import type { Logger } from 'pino';

import { createApp } from './app.ts';
import { KeyCache } from './authentication/key-cache.ts';
import { KEY_CHANNEL } from './authentication/key-repository.ts';
import { KeyUsage } from './authentication/key-usage.ts';
import { BackgroundWork, JOB_CONNECTIONS } from './background/background-work.ts';
import { baseUrl } from './common/base-url.ts';
import { synchronizeClock } from './common/clock.ts';
import type { RateLimitConfig, RetentionConfig, SessionConfig, WebhookConfig } from './common/config.ts';
import { inBackground } from './common/in-background.ts';
import { DRAIN_TIMEOUT_MS, RELEASE_TIMEOUT_MS, STOP_TIMEOUT_MS } from './common/stop-times.ts';
import {
  DIRECTIVE_CHANNEL,
  DispatchNotifier,
  EVENT_CHANNEL,
  QUEUE_CHANNEL,
  forEachQueuedSession,
} from './dispatch/dispatch-notifier.ts';
import { WaitList } from './dispatch/wait-list.ts';
import { EventStreams } from './events/event-streams.ts';
import { Admission } from './http/admission.ts';
import { messageClasses } from './http/message-classes.ts';
import { limitPipelining } from './http/pipelined-requests.ts';
import { protocolErrors } from './http/protocol-errors.ts';
import { OpenResponses } from './http/response/open-responses.ts';
import { CLIENT_TIMEOUTS, type ClientTimeouts } from './http/timeouts.ts';
import { ImageProcessor } from './images/image-processor.ts';
import type { MetricsAddress, MetricsServer } from './metrics/metrics-server.ts';
import { ProcessCount } from './rate-limits/process-count.ts';
import { GRANT_CHANNEL, LISTENER_NAME } from './rate-limits/process-repository.ts';
import { addressLimit } from './rate-limits/rate-limit-middleware.ts';
import { RateLimitSync } from './rate-limits/rate-limit-sync.ts';
import { RateLimiter } from './rate-limits/rate-limiter.ts';
import { DeadlineEnforcer } from './sessions/deadline-enforcer.ts';
import { SessionSweeper } from './sessions/session-sweeper.ts';
import { SessionTransitions } from './sessions/session-transitions.ts';
import { TokenCipher } from './sessions/token-cipher.ts';
import type { SignInCodes } from './static-site/sign-in-codes.ts';
import { DatabaseProbe } from './status/database-probe.ts';
import { StatusProbe } from './status/status-probe.ts';
import { WebhookDeliverer } from './webhooks/webhook-deliverer.ts';
import { WEBHOOK_CHANNEL } from './webhooks/webhook-endpoint-repository.ts';

export interface ServerOptions {
  database: Database;
  databaseUrl: string;
  log: Logger;
  host: string;
  /** 0 selects a free port. */
  port: number;
  /** Null collects and serves no metrics. */
  metrics: MetricsAddress | null;
  /** Null disables tracing. */
  tracing: Tracing | null;
  maxInFlight: number;
  /** The folder of the built documentation; null serves none. */
  docsDir: string | null;
  /** The folder of the built console; null serves none. */
  consoleDir: string | null;
  /** The codes that sign in to the console. By default there are none. */
  signInCodes?: SignInCodes | null;
  trustProxy: boolean;
  rateLimits: RateLimitConfig;
  sessions: SessionConfig;
  /**
   * `timeoutMs` is the time for a response to a delivery, 15 s by default; `maxWorking` is how many endpoints that work get
   * deliveries at once, 96 by default.
   */
  webhooks: WebhookConfig & { timeoutMs?: number; maxWorking?: number };
  retention: RetentionConfig;
  /** `CLIENT_TIMEOUTS` by default. */
  clientTimeouts?: ClientTimeouts;
  /** `MAX_CONNECTIONS` by default. */
  maxConnections?: number;
  /** Milliseconds between the heartbeats of an event stream; 15 seconds by default. */
  streamHeartbeatMs?: number;
}

export interface RunningServer {
  url: string;
  /** The URL of the metrics; null without them. */
  metricsUrl: string | null;
  /** Drains: rejects new requests, waits for those in progress, and stops background work. */
  close(): Promise<void>;
}

/** Connections beyond this number are closed at once. Each takes a file descriptor and a few KiB. */
const MAX_CONNECTIONS = 10_000;
/** The interval at which Node checks for requests that did not arrive in time. */
const TIMEOUT_CHECK_MS = 1_000;
/** The interval at which connections that became idle are closed while the server drains. */
const IDLE_CHECK_MS = 25;

/**
 * Starts one API process on a database that is migrated and seeded.
 *
 * @throws when the port is taken (`EADDRINUSE`) or the database cannot be reached
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { database, log, clientTimeouts = CLIENT_TIMEOUTS } = options;
  await synchronizeClock(database);
  const metricsServer = options.metrics === null ? null : await openMetrics(options.metrics, options);
  const metrics = metricsServer?.metrics ?? null;
  const keyCache = new KeyCache();
  const processes = new ProcessCount(database, log);
  const rateLimitSync = new RateLimitSync({
    database,
    log,
    hasPeers: () => processes.current > 1,
    charge: (consumption) => rateLimiter.charge(consumption),
  });
  const rateLimiter = new RateLimiter((consumption) => rateLimitSync.share(consumption));
  const waitingClaims = new WaitList();
  const waitingReports = new WaitList();
  const notifier = new DispatchNotifier(database, log, (tenant) => {
    deliverer.eventsAppended(tenant);
  });
  const cipher = new TokenCipher(options.sessions.tokenKey);
  const { webhooks } = options;
  const deliverer = new WebhookDeliverer({
    ...webhooks,
    database,
    cipher,
    policy: webhooks,
    notifier,
    metrics,
    log,
  });
  const { streamHeartbeatMs: heartbeatMs } = options;
  const eventStreams = new EventStreams(database, log, {
    metrics,
    ...(heartbeatMs !== undefined && { heartbeatMs }),
  });
  const transitions = new SessionTransitions({ config: options.sessions, notifier });
  const enforcer = new DeadlineEnforcer({ database, transitions, metrics, log });
  const sweeper = new SessionSweeper({
    database,
    enforcer,
    leaseSeconds: options.sessions.leaseSeconds,
    log,
  });
  const subscription = await subscribe(options.databaseUrl, {
    applicationName: LISTENER_NAME,
    channels: [KEY_CHANNEL, QUEUE_CHANNEL, DIRECTIVE_CHANNEL, EVENT_CHANNEL, GRANT_CHANNEL, WEBHOOK_CHANNEL],
    onNotification: (channel, message) => {
      if (channel === KEY_CHANNEL) {
        keyCache.evict(message);
      } else if (channel === QUEUE_CHANNEL) {
        forEachQueuedSession(message, (queue) => waitingClaims.notifyOne(queue));
      } else if (channel === GRANT_CHANNEL) {
        rateLimitSync.receive(message);
      } else if (channel === WEBHOOK_CHANNEL) {
        deliverer.forget(message);
      } else if (channel === EVENT_CHANNEL) {
        eventStreams.notify(message);
      } else {
        waitingReports.notifyAll(message);
      }
    },
    onConnect: () => {
      keyCache.resume();
      sweeper.resume();
      deliverer.forget();
      for (const waitList of [waitingClaims, waitingReports]) waitList.wakeAll();
      eventStreams.wakeAll();
      inBackground(processes.refresh(), log, 'could not count the API processes');
    },
    onDisconnect: () => {
      keyCache.suspend();
      sweeper.suspend();
    },
  });
  const keyUsage = new KeyUsage(database, log);
  const jobs = openPool(options.databaseUrl, {
    poolSize: JOB_CONNECTIONS,
    applicationName: 'greenroom-api-jobs',
  });
  const images = new ImageProcessor();
  const { retention } = options;
  const backgroundWork = new BackgroundWork({ database, jobs, images, notifier, deliverer, retention, log });
  let server: Server | null = null;
  const stop = async () => {
    processes.stop();
    const background = Promise.allSettled([
      backgroundWork.stop(),
      sweeper.stop(),
      deliverer.stop(),
      subscription.close(),
      keyUsage.stop(),
      rateLimitSync.stop(),
    ]);
    // Last, so that it sends the notifications of the others.
    const announced = background.then(() => notifier.stop());
    const within = (ms: number) => Promise.race([announced, delay(ms, undefined, { ref: false })]);
    // Any of them may wait for a database that does not respond, or for an image.
    await within(STOP_TIMEOUT_MS);
    images.stop();
    // The job of an image that was cut off has failed. Its connection records that, so that another server repeats it.
    await within(RELEASE_TIMEOUT_MS);
    await jobs.close();
    await metricsServer?.close();
  };
  try {
    const admission = new Admission(options.maxInFlight, log);
    const limit = addressLimit(rateLimiter, options.rateLimits);
    const databaseProbe = new DatabaseProbe(database);
    const isDispatching = () => backgroundWork.isRunning && sweeper.isRunning && subscription.isConnected();
    const app = createApp({
      ...options,
      signInCodes: options.signInCodes ?? null,
      metrics,
      admission,
      bodyTimeoutMs: clientTimeouts.bodyMs,
      keyCache,
      keyUsage,
      transitions,
      notifier,
      waitingClaims,
      waitingReports,
      eventStreams,
      addressLimit: limit,
      rateLimiter,
      images,
      cipher,
      deliverer,
      databaseProbe,
      isDispatching,
      statusProbe: new StatusProbe(database, databaseProbe, isDispatching),
    });

    const listener = limitPipelining(app);
    server = createServer(
      {
        requireHostHeader: false,
        headersTimeout: clientTimeouts.headersMs,
        requestTimeout: clientTimeouts.requestMs,
        keepAliveTimeout: clientTimeouts.keepAliveMs,
        connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        ...messageClasses(app),
      },
      listener,
    );
    server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    // Such as a failed accept. Without a listener, it would end the process.
    server.on('error', (error) => log.error({ err: error }, 'HTTP server error'));
    server.timeout = clientTimeouts.silenceMs;
    const responses = new OpenResponses(server, clientTimeouts.readMs, (response) => {
      if (isEventStream(response)) metrics?.streamCut();
    });
    // A connection too many. Its client can connect again then.
    server.on('drop', () => responses.closeIdle());
    // Ignores an unknown expectation, which Node would reject (RFC 9110, section 10.1.1).
    server.on('checkExpectation', listener);
    server.on(
      'clientError',
      protocolErrors({
        limitHeaders: limit.headers,
        canRespond: (socket) => responses.canRespond(socket),
      }),
    );
    // Bind first, so a process that cannot bind takes no jobs.
    await metricsServer?.start();
    await listen(server, options.port, options.host);
    backgroundWork.start();
    sweeper.start();
    const { port } = server.address() as AddressInfo;
    const serving = server;
    return {
      url: baseUrl(options.host, port),
      metricsUrl: metricsServer?.url ?? null,
      async close() {
        admission.drain();
        for (const waitList of [waitingClaims, waitingReports]) waitList.close();
        eventStreams.close();
        // Other processes deliver from now on. Attempts in progress have the time of requests, and then that of `stop`.
        inBackground(backgroundWork.stopWaking(), log, 'could not stop waking webhook endpoints');
        const delivered = Promise.race([
          deliverer.stop(),
          delay(DRAIN_TIMEOUT_MS, undefined, { ref: false }),
        ]);
        await Promise.all([closeServer(serving), delivered]);
        await stop();
      },
    };
  } catch (error) {
    if (server?.listening === true) await closeServer(server);
    await stop();
    throw error;
  }
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream');
}

/** Loads the library only for a process that serves metrics. */
async function openMetrics(
  address: MetricsAddress,
  context: Pick<ServerOptions, 'database' | 'log'>,
): Promise<MetricsServer> {
  const { MetricsServer } = await import('./metrics/metrics-server.ts');
  return new MetricsServer(address, context);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    server.close(() => {
      clearTimeout(force);
      clearInterval(idle);
      resolve();
    });
  });
}
