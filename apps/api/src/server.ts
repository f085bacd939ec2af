import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Subscription } from '@greenroom/database';

import { createApp } from './app.ts';
import { baseUrl } from './common/base-url.ts';
import { synchronizeClock } from './common/clock.ts';
import { inBackground } from './common/in-background.ts';
import { DRAIN_TIMEOUT_MS, RELEASE_TIMEOUT_MS, STOP_TIMEOUT_MS } from './common/stop-times.ts';
import { closeServer, httpServer, listen } from './http/http-server.ts';
import { CLIENT_TIMEOUTS } from './http/timeouts.ts';
import type { MetricsServer } from './metrics/metrics-server.ts';
import { subscribeToNotifications } from './notifications.ts';
import { createParts, type ServerOptions, type ServerParts } from './server-parts.ts';

export interface RunningServer {
  url: string;
  /** The URL of the metrics; null without them. */
  metricsUrl: string | null;
  /** Drains: rejects new requests, waits for those in progress, and stops background work. */
  close(): Promise<void>;
}

/**
 * Starts one API process on a database that is migrated and seeded.
 *
 * @throws when the port is taken (`EADDRINUSE`) or the database cannot be reached
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  await synchronizeClock(options.database);
  const metricsServer = await openMetrics(options);
  const parts = createParts(options, metricsServer?.metrics ?? null);
  const opened: Opened = { parts, metricsServer, subscription: null };
  let server: Server | null = null;
  try {
    opened.subscription = await subscribeToNotifications(options, parts);
    server = openHttp(options, parts, opened.subscription);
    // Bind first, so a process that cannot bind takes no jobs.
    await metricsServer?.start();
    await listen(server, options.port, options.host);
    parts.backgroundWork.start();
    parts.sweeper.start();
  } catch (error) {
    if (server?.listening === true) await closeServer(server);
    await stop(opened);
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: baseUrl(options.host, port),
    metricsUrl: metricsServer?.url ?? null,
    async close() {
      await drain(server, options, parts);
      await stop(opened);
    },
  };
}

/** What `stop` closes. */
interface Opened {
  parts: ServerParts;
  metricsServer: MetricsServer | null;
  subscription: Subscription | null;
}

/** Loads the library only for a process that serves metrics. */
async function openMetrics({ metrics, ...context }: ServerOptions): Promise<MetricsServer | null> {
  if (metrics === null) return null;
  const { MetricsServer } = await import('./metrics/metrics-server.ts');
  return new MetricsServer(metrics, context);
}

function openHttp(options: ServerOptions, parts: ServerParts, subscription: Subscription): Server {
  const { clientTimeouts = CLIENT_TIMEOUTS, maxConnections, log } = options;
  const { backgroundWork, sweeper, addressLimit, metrics } = parts;
  const isDispatching = () => backgroundWork.isRunning && sweeper.isRunning && subscription.isConnected();
  const app = createApp({ ...options, ...parts, bodyTimeoutMs: clientTimeouts.bodyMs, isDispatching });
  const limitHeaders = addressLimit.headers;
  return httpServer(app, { clientTimeouts, maxConnections, limitHeaders, metrics, log });
}

/** Rejects new requests, and waits for those in progress. */
async function drain(server: Server, { log }: ServerOptions, parts: ServerParts): Promise<void> {
  const { admission, waitingClaims, waitingReports, eventStreams, backgroundWork, deliverer } = parts;
  admission.drain();
  for (const waitList of [waitingClaims, waitingReports]) waitList.close();
  eventStreams.close();
  // Other processes deliver from now on. Attempts in progress have the time of requests, and then that of `stop`.
  inBackground(backgroundWork.stopWaking(), log, 'could not stop waking webhook endpoints');
  const delivered = Promise.race([deliverer.stop(), delay(DRAIN_TIMEOUT_MS, undefined, { ref: false })]);
  await Promise.all([closeServer(server), delivered]);
}

/** Stops what works without requests, in a limited time, and closes its connections. */
async function stop({ parts, metricsServer, subscription }: Opened): Promise<void> {
  const { processes, backgroundWork, sweeper, deliverer, keyUsage, rateLimitSync, notifier, images } = parts;
  processes.stop();
  const background = Promise.allSettled([
    backgroundWork.stop(),
    sweeper.stop(),
    deliverer.stop(),
    subscription?.close(),
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
  await parts.jobs.close();
  await metricsServer?.close();
}
