import { Socket } from 'node:net';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';

export interface SubscribeOptions {
  applicationName: string;
  channels: readonly string[];
  onNotification(channel: string, payload: string): void;
  /** Called when the connection listens. Notifications sent before that are lost. */
  onConnect(): void;
  /** Called when the connection is lost. Notifications are missed until the next `onConnect`. */
  onDisconnect(): void;
  /** Milliseconds between two checks of the connection. Default: 400. */
  heartbeatMs?: number;
}

export interface Subscription {
  isConnected(): boolean;
  close(): Promise<void>;
}

/** A silent connection is detected within about two intervals. */
const HEARTBEAT_MS = 400;
const CONNECT_TIMEOUT_MS = 2_000;
const MAX_BACKOFF_MS = 1_000;

/**
 * Subscribes to notifications on a dedicated connection, and reconnects until it is closed.
 *
 * @throws {Error} when the first connection fails
 */
export async function subscribe(url: string, options: SubscribeOptions): Promise<Subscription> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let client: Connection | null = await connect(url, options);
  options.onConnect();
  const watching = watch();

  async function watch(): Promise<void> {
    while (client !== null) {
      await untilBroken(client.pg, signal, options.heartbeatMs ?? HEARTBEAT_MS);
      if (signal.aborted) return;
      client.disconnect();
      client = null;
      options.onDisconnect();
      client = await reconnect(url, options, signal);
      if (client !== null) options.onConnect();
    }
  }

  return {
    isConnected: () => client !== null,
    async close() {
      stopping.abort();
      await watching;
      client?.disconnect();
      client = null;
    },
  };
}

interface Connection {
  pg: pg.Client;
  /** Closes the connection without waiting for the server, which may be silent. */
  disconnect(): void;
}

async function connect(url: string, options: SubscribeOptions): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: options.applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    stream: () => socket,
  });
  const disconnect = (): void => {
    client.end().catch(() => undefined);
    socket.destroySoon();
  };
  // The heartbeat detects a broken connection. Without a listener the error would end the process.
  client.on('error', () => undefined);
  client.on('notification', ({ channel, payload }) => {
    options.onNotification(channel, payload ?? '');
  });
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  } catch (error) {
    disconnect();
    throw error;
  }
  return { pg: client, disconnect };
}

async function reconnect(
  url: string,
  options: SubscribeOptions,
  signal: AbortSignal,
): Promise<Connection | null> {
  for (let backoff = 50; !signal.aborted; backoff = Math.min(backoff * 2, MAX_BACKOFF_MS)) {
    try {
      return await connect(url, options);
    } catch {
      // Jitter keeps processes that lost the server at the same time from reconnecting at the same time.
      await delay(backoff * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}

/** Resolves when the connection no longer responds or the signal aborts. */
async function untilBroken(client: pg.Client, signal: AbortSignal, heartbeatMs: number): Promise<void> {
  // One listener for the connection, because a listener added by each heartbeat would stay until the connection ends.
  const broken = new AbortController();
  client.once('end', () => {
    broken.abort();
  });
  const done = AbortSignal.any([signal, broken.signal]);
  while (!done.aborted && (await responds(client))) {
    await delay(heartbeatMs, undefined, { signal: done }).catch(() => undefined);
  }
}

function responds(client: pg.Client): Promise<boolean> {
  const response = client.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([response, responseTimeout()]);
}

/** Reads the sockets once more after the timeout: after a busy phase, timers run before a response is read. */
async function responseTimeout(): Promise<boolean> {
  await delay(HEARTBEAT_MS, undefined, { ref: false });
  return immediate(false);
}
