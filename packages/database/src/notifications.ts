import { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

export interface ListenOptions {
  applicationName: string;
  channels: readonly string[];
  onNotification(channel: string, payload: string): void;
  /** Every time notifications are heard from now on; what was sent before is not. */
  onConnect(): void;
  /** Every time notifications may be missed from now on. */
  onDisconnect(): void;
  /** Milliseconds between two checks of the connection; 400 by default. */
  heartbeatMs?: number;
}

export interface Listener {
  isConnected(): boolean;
  close(): Promise<void>;
}

/** A connection that broke without a word is noticed within about two of these. */
const HEARTBEAT_MS = 400;
const CONNECT_TIMEOUT_MS = 2_000;
const MAX_BACKOFF_MS = 1_000;

/**
 * Hears NOTIFY on a connection of its own and connects again for as long as it is open.
 *
 * @throws when the first connection fails
 */
export async function listen(url: string, options: ListenOptions): Promise<Listener> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let client: Connection | null = await connect(url, options);
  options.onConnect();
  const watching = watch();

  async function watch(): Promise<void> {
    while (client !== null) {
      await untilBroken(client.pg, signal, options.heartbeatMs ?? HEARTBEAT_MS);
      if (signal.aborted) return;
      client.hangUp();
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
      client?.hangUp();
      client = null;
    },
  };
}

interface Connection {
  pg: pg.Client;
  /** Says goodbye without waiting for the server's: a silent one never responds. */
  hangUp(): void;
}

async function connect(url: string, options: ListenOptions): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: options.applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    stream: () => socket,
  });
  const hangUp = (): void => {
    client.end().catch(() => undefined);
    socket.destroySoon();
  };
  // The heartbeat finds what breaks; without a listener it would end the process.
  client.on('error', () => undefined);
  client.on('notification', ({ channel, payload }) => {
    options.onNotification(channel, payload ?? '');
  });
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  } catch (error) {
    hangUp();
    throw error;
  }
  return { pg: client, hangUp };
}

async function reconnect(
  url: string,
  options: ListenOptions,
  signal: AbortSignal,
): Promise<Connection | null> {
  for (let backoff = 50; !signal.aborted; backoff = Math.min(backoff * 2, MAX_BACKOFF_MS)) {
    try {
      return await connect(url, options);
    } catch {
      // Jittered, so that processes that lost the server together do not come back together.
      await sleep(backoff * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}

/** Resolves when the connection no longer responds, or when asked to stop. */
async function untilBroken(client: pg.Client, signal: AbortSignal, heartbeatMs: number): Promise<void> {
  // Nothing that lives as long as the connection takes part in a beat: each reaction on it would stay until its end.
  const broken = new AbortController();
  client.once('end', () => {
    broken.abort();
  });
  const over = AbortSignal.any([signal, broken.signal]);
  while (!over.aborted && (await responds(client))) {
    await sleep(heartbeatMs, undefined, { signal: over }).catch(() => undefined);
  }
}

function responds(client: pg.Client): Promise<boolean> {
  const response = client.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([response, silence()]);
}

/** A process that was too busy to read finds its timers due before it looks at its sockets: it looks before it judges. */
async function silence(): Promise<boolean> {
  await sleep(HEARTBEAT_MS, undefined, { ref: false });
  return turn(false);
}
