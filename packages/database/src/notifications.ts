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
}

export interface Listener {
  isConnected(): boolean;
  close(): Promise<void>;
}

/** A connection that broke without a word is noticed within about two of these. */
const HEARTBEAT_MS = 400;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 2_000;

/**
 * Hears NOTIFY on a connection of its own and connects again for as long as it is open.
 *
 * @throws when the first connection fails
 */
export async function listen(url: string, options: ListenOptions): Promise<Listener> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let client: pg.Client | null = await connect(url, options);
  options.onConnect();
  const watching = watch();

  async function watch(): Promise<void> {
    while (client !== null) {
      await untilBroken(client, signal);
      if (signal.aborted) return;
      void client.end().catch(() => undefined);
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
      await client?.end();
      client = null;
    },
  };
}

async function connect(url: string, options: ListenOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: options.applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // What breaks is found by the heartbeat; without a listener it would end the process.
  client.on('error', () => undefined);
  client.on('notification', ({ channel, payload }) => options.onNotification(channel, payload ?? ''));
  await client.connect();
  for (const channel of options.channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  return client;
}

async function reconnect(
  url: string,
  options: ListenOptions,
  signal: AbortSignal,
): Promise<pg.Client | null> {
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

/** Resolves when the connection no longer answers, or when asked to stop. */
async function untilBroken(client: pg.Client, signal: AbortSignal): Promise<void> {
  const ended = new Promise<'broken'>((resolve) => client.once('end', () => resolve('broken')));
  while (!signal.aborted) {
    const answered = client.query('SELECT 1').then(
      () => 'alive' as const,
      () => 'broken' as const,
    );
    if ((await Promise.race([answered, silence(), ended])) === 'broken') return;
    const pause = sleep(HEARTBEAT_MS, 'alive' as const, { signal }).catch(() => 'alive' as const);
    if ((await Promise.race([pause, ended])) === 'broken') return;
  }
}

/** A process that was too busy to read finds its timers due before it looks at its sockets: it looks before it judges. */
async function silence(): Promise<'broken'> {
  await sleep(HEARTBEAT_MS, undefined, { ref: false });
  return turn('broken');
}
