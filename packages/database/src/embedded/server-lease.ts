import { statSync } from 'node:fs';
import { Socket } from 'node:net';

import pg from 'pg';

import { QUERY_TIMEOUT_MESSAGE } from '../query-timeout.ts';

// Must differ from every other advisory lock: "greenroom" on a phone keypad.
const LOCK_KEY = 473_366_766;
const RECONNECT_DELAY_MS = 1_000;
const MAX_RECONNECT_DELAY_MS = 30_000;

/** Keeps a running server from being stopped by the other processes that use it. */
export interface ServerLease {
  /**
   * Releases the lease. Resolves with true when it was the last one, so that the caller must stop the server, and with
   * undefined when the server does not respond.
   */
  release(): Promise<boolean | undefined>;
  /** Closes the connection. Call it after `release`, once the server was stopped or is left to other processes. */
  close(): void;
}

interface Connection {
  client: pg.Client;
  socket: Socket;
}

/**
 * Acquires a lease on the server at `url`: a connection with a shared advisory lock. When this process is killed, the
 * server drops the lock, so there is no list of users that could become stale.
 *
 * When the server becomes unreachable, calls `restart` after 1 s, then with exponential backoff up to 30 s, and passes
 * each failure to `log`.
 *
 * Resolves with undefined when the server runs another cluster or is about to stop. Rejects when it does not respond.
 */
export async function acquireLease(
  url: string,
  cluster: string,
  restart: () => Promise<void>,
  log: (message: string) => void,
): Promise<ServerLease | undefined> {
  let released = false;
  let delayMs = RECONNECT_DELAY_MS;
  let timer: NodeJS.Timeout | undefined;
  let reconnecting = Promise.resolve();
  let connection = await connect(url, cluster, onLost);
  if (!connection) return undefined;

  function onLost(): void {
    connection = undefined;
    if (!released) timer = setTimeout(tryToReconnect, delayMs).unref();
  }

  function tryToReconnect(): void {
    reconnecting = reconnect().catch(onLost);
  }

  async function reconnect(): Promise<void> {
    const next = await connect(url, cluster, onLost).catch(() => undefined);
    if (!next) {
      // The server was killed. A failed restart is retried with the next reconnection.
      if (!released) await restart().then(onRestarted, onRestartFailed);
      onLost();
    } else if (released) {
      await next.client.end();
    } else {
      connection = next;
      delayMs = RECONNECT_DELAY_MS;
    }
  }

  function onRestarted(): void {
    delayMs = RECONNECT_DELAY_MS;
  }

  function onRestartFailed(error: unknown): void {
    delayMs = Math.min(2 * delayMs, MAX_RECONNECT_DELAY_MS);
    if (released) return;
    const reason = error instanceof Error ? error.message : String(error);
    log(
      `The embedded PostgreSQL died and could not be restarted. Retrying in ${delayMs / 1000} s: ${reason}`,
    );
  }

  return {
    async release() {
      released = true;
      clearTimeout(timer);
      // A restart in progress would otherwise leave a server that outlives this process.
      await reconnecting;
      try {
        connection ??= await connect(url, cluster, onLost);
        return connection !== undefined && (await isLast(connection));
      } catch (error) {
        // Unless it timed out, the server was killed or stopped by another process.
        return isTimeout(error) ? undefined : false;
      }
    },
    close() {
      // A silent server does not close its side.
      connection?.client.end().catch(() => undefined);
      connection?.socket.destroySoon();
    },
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && [QUERY_TIMEOUT_MESSAGE, 'timeout expired'].includes(error.message);
}

async function connect(url: string, cluster: string, onLost: () => void): Promise<Connection | undefined> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'greenroom-embedded',
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
    keepAlive: true,
    stream: () => socket,
  });
  client.on('error', () => undefined);
  await client.connect();
  if (!(await lockIfOurs(client, cluster))) {
    await client.end();
    return undefined;
  }
  client.on('end', onLost);
  // Lets a program exit even when it does not stop the server.
  socket.unref();
  return { client, socket };
}

async function isLast({ client, socket }: Connection): Promise<boolean> {
  socket.ref();
  await client.query('SELECT pg_advisory_unlock_shared($1)', [LOCK_KEY]);
  const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [
    LOCK_KEY,
  ]);
  return rows[0]?.last === true;
}

async function lockIfOurs(client: pg.Client, cluster: string): Promise<boolean> {
  const { rows } = await client.query<{ directory: string; held: boolean }>(
    `SELECT current_setting('data_directory') AS directory, pg_try_advisory_lock_shared($1) AS held`,
    [LOCK_KEY],
  );
  return rows[0]?.held === true && isSameDirectory(rows[0].directory, cluster);
}

function isSameDirectory(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}
