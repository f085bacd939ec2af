import { openPool, type Database, type DatabasePool } from '@greenroom/database';
import type { Tracing } from '@greenroom/tracing';
import type { Logger } from 'pino';

import { KeyCache } from './authentication/key-cache.ts';
import { KeyUsage } from './authentication/key-usage.ts';
import { BackgroundWork, JOB_CONNECTIONS } from './background/background-work.ts';
import type { RateLimitConfig, RetentionConfig, SessionConfig, WebhookConfig } from './common/config.ts';
import { DispatchNotifier } from './dispatch/dispatch-notifier.ts';
import { WaitList } from './dispatch/wait-list.ts';
import { EventStreams } from './events/event-streams.ts';
import { Admission } from './http/admission.ts';
import type { ClientTimeouts } from './http/timeouts.ts';
import { ImageProcessor } from './images/image-processor.ts';
import type { MetricsAddress } from './metrics/metrics-server.ts';
import type { Metrics } from './metrics/metrics.ts';
import { ProcessCount } from './rate-limits/process-count.ts';
import { addressLimit, type AddressLimit } from './rate-limits/rate-limit-middleware.ts';
import { RateLimitSync } from './rate-limits/rate-limit-sync.ts';
import { RateLimiter } from './rate-limits/rate-limiter.ts';
import { DeadlineEnforcer } from './sessions/deadline-enforcer.ts';
import { SessionSweeper } from './sessions/session-sweeper.ts';
import { SessionTransitions } from './sessions/session-transitions.ts';
import { TokenCipher } from './sessions/token-cipher.ts';
import type { SignInCodes } from './static-site/sign-in-codes.ts';
import { DatabaseProbe } from './status/database-probe.ts';
import { WebhookDeliverer } from './webhooks/webhook-deliverer.ts';

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

/** What the requests and the background work of a process share. */
export interface ServerParts {
  /** Null collects none. */
  metrics: Metrics | null;
  admission: Admission;
  keyCache: KeyCache;
  keyUsage: KeyUsage;
  processes: ProcessCount;
  rateLimiter: RateLimiter;
  rateLimitSync: RateLimitSync;
  addressLimit: AddressLimit;
  /** Claims that wait for a session. */
  waitingClaims: WaitList;
  /** Reports that wait for a directive, and creates that wait for a worker. */
  waitingReports: WaitList;
  notifier: DispatchNotifier;
  eventStreams: EventStreams;
  deliverer: WebhookDeliverer;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  sweeper: SessionSweeper;
  images: ImageProcessor;
  /** The connections of the jobs. */
  jobs: DatabasePool;
  backgroundWork: BackgroundWork;
  databaseProbe: DatabaseProbe;
}

/** Creates the parts of a process, without waiting for the database. */
export function createParts(options: ServerOptions, metrics: Metrics | null): ServerParts {
  const { database, log, sessions, webhooks, retention, streamHeartbeatMs: heartbeatMs } = options;

  const processes = new ProcessCount(database, log);
  const rateLimitSync = new RateLimitSync({
    database,
    log,
    hasPeers: () => processes.current > 1,
    charge: (consumption) => rateLimiter.charge(consumption),
  });
  const rateLimiter = new RateLimiter((consumption) => rateLimitSync.share(consumption));

  const notifier = new DispatchNotifier(database, log, (tenant) => {
    deliverer.eventsAppended(tenant);
  });
  const cipher = new TokenCipher(sessions.tokenKey);
  const deliverer = new WebhookDeliverer({
    ...webhooks,
    database,
    cipher,
    policy: webhooks,
    notifier,
    metrics,
    log,
  });

  const transitions = new SessionTransitions({ config: sessions, notifier });
  const enforcer = new DeadlineEnforcer({ database, transitions, metrics, log });
  const images = new ImageProcessor();
  const jobs = openPool(options.databaseUrl, {
    poolSize: JOB_CONNECTIONS,
    applicationName: 'greenroom-api-jobs',
  });
  return {
    metrics,
    admission: new Admission(options.maxInFlight, log),
    keyCache: new KeyCache(),
    keyUsage: new KeyUsage(database, log),
    processes,
    rateLimiter,
    rateLimitSync,
    addressLimit: addressLimit(rateLimiter, options.rateLimits),
    waitingClaims: new WaitList(),
    waitingReports: new WaitList(),
    notifier,
    eventStreams: new EventStreams(database, log, {
      metrics,
      ...(heartbeatMs !== undefined && { heartbeatMs }),
    }),
    deliverer,
    cipher,
    transitions,
    sweeper: new SessionSweeper({ database, enforcer, leaseSeconds: sessions.leaseSeconds, log }),
    images,
    jobs,
    backgroundWork: new BackgroundWork({ database, jobs, images, notifier, deliverer, retention, log }),
    databaseProbe: new DatabaseProbe(database),
  };
}
