import { createServer, type Server, type ServerResponse } from 'node:http';

import type { Express } from 'express';
import type { Logger } from 'pino';

import { DRAIN_TIMEOUT_MS } from '../common/stop-times.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { limitPipelining, OpenResponses } from './connection-limits.ts';
import { messageClasses } from './message-classes.ts';
import { protocolErrors, type ProtocolErrorsOptions } from './protocol-errors.ts';
import type { ClientTimeouts } from './timeouts.ts';

export interface HttpServerOptions extends Pick<ProtocolErrorsOptions, 'limitHeaders'> {
  clientTimeouts: ClientTimeouts;
  /** `MAX_CONNECTIONS` by default. */
  maxConnections?: number | undefined;
  /** Null counts nothing. */
  metrics: Metrics | null;
  log: Logger;
}

/** Connections beyond this number are closed at once. Each takes a file descriptor and a few KiB. */
const MAX_CONNECTIONS = 10_000;
/** The interval at which Node checks for requests that did not arrive in time. */
const TIMEOUT_CHECK_MS = 1_000;
/** The interval at which connections that became idle are closed while the server drains. */
const IDLE_CHECK_MS = 25;

/** Returns the server of an application, with the limits on its connections. It does not listen. */
export function httpServer(app: Express, options: HttpServerOptions): Server {
  const { clientTimeouts, maxConnections = MAX_CONNECTIONS, metrics, log } = options;
  const listener = limitPipelining(app);
  const server = createServer(
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
  server.maxConnections = maxConnections;
  server.timeout = clientTimeouts.silenceMs;
  // Such as a failed accept. Without a listener, it would end the process.
  server.on('error', (error) => log.error({ err: error }, 'HTTP server error'));
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
      limitHeaders: options.limitHeaders,
      canRespond: (socket) => responses.canRespond(socket),
    }),
  );
  return server;
}

/** @throws when the port is taken (`EADDRINUSE`) */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Accepts no more connections. Resolves when requests in progress have finished, or were cut off after `DRAIN_TIMEOUT_MS`. */
export function closeServer(server: Server): Promise<void> {
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

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream');
}
