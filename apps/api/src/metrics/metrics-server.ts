import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { baseUrl } from '../common/base-url.ts';
import type { MetricsConfig } from '../common/config.ts';
import { inBackground } from '../common/in-background.ts';
import { MAX_STOP_MS } from '../common/stop-times.ts';
import { Metrics } from './metrics.ts';

export interface MetricsAddress extends MetricsConfig {
  /** Whether a process that this one replaces may still hold the port. */
  waitsForPort?: boolean;
  /** How long it waits for the port before it logs a warning. */
  warnAfterMs?: number;
}

const RETRY_MS = 200;
/** By then, the process that this one replaces has stopped. */
const WARN_AFTER_MS = MAX_STOP_MS + 5_000;

/** Serves the metrics of a process at `/metrics`, on a separate address, because they are not for customers. */
export class MetricsServer {
  readonly metrics: Metrics;
  readonly #address: MetricsAddress;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #server = createServer((request, response) => {
    inBackground(this.#respond(request, response), this.#log, 'could not send the metrics');
  });

  constructor(address: MetricsAddress, { database, log }: { database: Database; log: Logger }) {
    this.metrics = new Metrics(database);
    this.#address = address;
    this.#log = log;
  }

  /** Null while it does not listen. */
  get url(): string | null {
    const address = this.#server.address() as AddressInfo | null;
    return address && `${baseUrl(this.#address.host, address.port)}/metrics`;
  }

  /**
   * Listens. With `waitsForPort`, it resolves at once, and the server listens when the port is free.
   *
   * @throws when the port is taken (`EADDRINUSE`) or may not be used
   */
  async start(): Promise<void> {
    if (this.#address.waitsForPort !== true) return this.#listen();
    inBackground(this.#listenWhenFree(), this.#log, 'could not serve the metrics');
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#address;
    // Exclusive: the primary process of a group would share the port between its processes.
    this.#server.listen({ host, port, exclusive: true });
    await once(this.#server, 'listening');
    // Such as a failed accept. Without a listener, it would end the process.
    this.#server.on('error', (error) => this.#log.error({ err: error }, 'metrics server error'));
  }

  async #listenWhenFree(): Promise<void> {
    const { port, warnAfterMs = WARN_AFTER_MS } = this.#address;
    const startedAtMs = performance.now();
    let isLogged = false;
    while (!this.#isClosing()) {
      try {
        await this.#listen();
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        if (!isLogged && performance.now() - startedAtMs >= warnAfterMs) {
          isLogged = true;
          this.#log.warn(
            { port },
            'metrics port in use by another program; metrics are served once it is free',
          );
        }
        await delay(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    // The server was closed before it listened.
    if (this.#isClosing()) this.#server.close();
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #respond({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    if (url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end('The metrics are at /metrics.\n');
    } else if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end('Use GET.\n');
    } else {
      try {
        const text = await this.metrics.text();
        response.writeHead(200, { 'Content-Type': this.metrics.contentType }).end(text);
      } catch (error) {
        response.writeHead(500).end('The metrics cannot be collected. The log has the reason.\n');
        throw error;
      }
    }
  }
}
