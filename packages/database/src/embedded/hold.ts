import { statSync } from 'node:fs';
import { Socket } from 'node:net';
import pg from 'pg';

import { QUERY_TIMEOUT_MESSAGE } from '../query-timeout.ts';

// Any number that no other use of advisory locks takes: "greenroom" on a telephone.
const LOCK_KEY = 473_366_766;
const RECONNECT_DELAY_MS = 1_000;
const MAX_RECONNECT_DELAY_MS = 30_000;

/** Our share in a running server. */
export interface Hold {
  /**
   * Gives the share back; resolves with whether it was the last one, and the server therefore ours to stop. Undefined:
   * the server does not respond.
   */
  release(): Promise<boolean | undefined>;
  /** Closes the connection, after the server was stopped or left to the others. */
  close(): void;
}

interface Connection {
  client: pg.Client;
  socket: Socket;
}

/**
 * Takes a share in the server at `url` for as long as this process lives: a connection with a shared lock. Should we be
 * killed, the server itself notices; there is no list of openers to go stale.
 * While the server cannot be reached, `revive` is called to start it again: after a second, and after twice as long each
 * time that it fails, up to 30 s. Each failure goes to `log`.
 * Resolves with undefined when the server serves another cluster or is about to stop; rejects when it does not answer.
 */
export async function takeHold(
  url: string,
  cluster: string,
  revive: () => Promise<void>,
  log: (message: string) => void,
): Promise<Hold | undefined> {
  let released = false;
  let delayMs = RECONNECT_DELAY_MS;
  let timer: NodeJS.Timeout | undefined;
  let reconnecting = Promise.resolve();
  let connection = await connect(url, cluster, lost);
  if (!connection) return undefined;

  function lost(): void {
    connection = undefined;
    if (!released) timer = setTimeout(tryToReconnect, delayMs).unref();
  }

  function tryToReconnect(): void {
    reconnecting = reconnect().catch(lost);
  }

  async function reconnect(): Promise<void> {
    const next = await connect(url, cluster, lost).catch(() => undefined);
    if (!next) {
      // The server was killed. A restart that fails is tried again with the next reconnection.
      if (!released) await revive().then(revived, failedToRevive);
      lost();
    } else if (released) await next.client.end();
    else {
      connection = next;
      delayMs = RECONNECT_DELAY_MS;
    }
  }

  function revived(): void {
    delayMs = RECONNECT_DELAY_MS;
  }

  function failedToRevive(error: unknown): void {
    delayMs = Math.min(2 * delayMs, MAX_RECONNECT_DELAY_MS);
    if (released) return;
    const reason = error instanceof Error ? error.message : String(error);
    log(`The embedded PostgreSQL died, and another start is tried in ${delayMs / 1000} s: ${reason}`);
  }

  return {
    async release() {
      released = true;
      clearTimeout(timer);
      // A server that is being started again would otherwise outlive the process.
      await reconnecting;
      try {
        connection ??= await connect(url, cluster, lost);
        return connection !== undefined && (await isLast(connection));
      } catch (error) {
        // Otherwise the server is gone already: killed, or stopped by someone else.
        return isTimeout(error) ? undefined : false;
      }
    },
    close() {
      // A server that is silent never says goodbye.
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
  // A program that forgets to stop the server must still be able to end.
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
