import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.ts';
import { clusterPath, ensureCluster, ensureDataDir, readPassword, SUPERUSER } from './cluster.ts';
import { takeHold, type Hold } from './hold.ts';
import { isServing, readPidFile, removeStale } from './pid-file.ts';
import { chooseRunner } from './runner.ts';
import { killServer, startServer, stopServer, type Server, type StopMode } from './server.ts';

const DATABASE = 'greenroom';
const OPEN_TIMEOUT_MS = 150_000;
const POLL_MS = 25;

export interface EmbeddedPostgresOptions {
  /** Directory that holds the cluster in `postgres/`; made when missing. */
  dataDir: string;
  /** TCP port on 127.0.0.1; by default the one used before, or any that is free. */
  port?: number;
  /** PostgreSQL settings for a server that this call has to start. Values without spaces and quotes. */
  settings?: Readonly<Record<string, string>>;
  /** Notified, in a sentence, when the server had to be started again. */
  log?: (message: string) => void;
  /** Aborts the opening, and every later start of a server that was killed. */
  signal?: AbortSignal;
}

/** A share in the embedded server of a data directory. */
export interface EmbeddedPostgres {
  /** Connection string with the password: a secret. */
  url: string;
  /**
   * Gives the share back; the last of all processes that opened the directory stops the server. `immediate` may follow
   * while a stop takes too long.
   */
  stop(mode?: StopMode): Promise<void>;
}

/**
 * Opens the embedded PostgreSQL of a data directory: makes its cluster, starts its server, or joins the one that
 * another process started or that a killed one left running.
 * Throws with what to do when the port is taken, the directory is not ours, or PostgreSQL cannot start; and the reason of
 * `signal` once it is aborted, when nothing that was begun runs or lies about any more.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, log = () => undefined, signal } = options;
  ensureDataDir(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  refuseUnquotable(dataDir);
  const binaries = findBinaries();
  const cluster = clusterPath(dataDir);
  const runner = chooseRunner(dataDir, cluster, binaries);
  await ensureCluster(dataDir, runner, binaries, { settings, signal });
  const server: Server = { cluster, runner, binaries, settings };
  const { hold, port } = await join(server, options, log);
  try {
    signal?.throwIfAborted();
    await ensureDatabase(connectionString(cluster, port, 'postgres'));
    signal?.throwIfAborted();
  } catch (error) {
    await leave(server, hold, hold.release(), 'fast');
    throw error;
  }
  let releasing: Promise<boolean | undefined> | undefined;
  const stopping = new Map<StopMode, Promise<void>>();
  return {
    url: connectionString(cluster, port, DATABASE),
    stop(mode = 'fast') {
      releasing ??= hold.release();
      const stop = stopping.get(mode) ?? leave(server, hold, releasing, mode);
      stopping.set(mode, stop);
      return stop;
    },
  };
}

async function join(
  server: Server,
  { port: requestedPort, signal }: EmbeddedPostgresOptions,
  log: (message: string) => void,
): Promise<{ hold: Hold; port: number }> {
  const deadline = Date.now() + OPEN_TIMEOUT_MS;
  let started = false;
  while (Date.now() < deadline) {
    if (signal?.aborted) {
      if (started) await stopServer(server);
      throw signal.reason;
    }
    const file = readPidFile(server.cluster);
    if (file?.port !== undefined) {
      const url = connectionString(server.cluster, file.port, 'postgres');
      const { port } = file;
      const hold = await takeHold(url, server.cluster, () => revive(server, port, log, signal), log).catch(
        () => undefined,
      );
      if (hold) return { hold, port };
    }
    if (file && isServing(file, server.cluster)) {
      await sleep(POLL_MS);
      continue;
    }
    if (file) removeStale(file);
    started = (await startServer(server, requestedPort, signal)) === 'started';
    if (!started) await sleep(POLL_MS);
  }
  throw new Error(
    `The embedded PostgreSQL in ${server.cluster} is running but did not answer for ${OPEN_TIMEOUT_MS / 1000} s; ` +
      'its server.log says why.',
  );
}

/** Starts a server that was killed, where it was: its clients find it by the address that they have. */
async function revive(
  server: Server,
  port: number,
  log: (message: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = readPidFile(server.cluster);
  if (file && isServing(file, server.cluster)) return;
  if (file) removeStale(file);
  signal?.throwIfAborted();
  if ((await startServer(server, port, signal)) === 'started') {
    log(`The embedded PostgreSQL had died and was started again on port ${port}.`);
  }
}

async function leave(
  server: Server,
  hold: Hold,
  releasing: Promise<boolean | undefined>,
  mode: StopMode,
): Promise<void> {
  try {
    const isLast = await releasing;
    if (isLast === true) await stopServer(server, mode);
    // Others cannot use it either, and start it again.
    if (isLast === undefined) await killServer(server);
  } finally {
    hold.close();
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`).catch(ignoreDuplicate);
  } finally {
    await client.end();
  }
}

// Two first openers may create it at once; PostgreSQL reports the loser in either of two ways.
function ignoreDuplicate(error: unknown): void {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code !== '42P04' && code !== '23505') throw error;
}

function connectionString(cluster: string, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/${database}`;
}

// pg_ctl puts the path between double quotes in a shell command.
function refuseUnquotable(dataDir: string): void {
  const character = /["$`\\]/.exec(dataDir)?.[0];
  if (character === undefined || process.platform === 'win32') return;
  throw new Error(`The embedded PostgreSQL cannot live in ${dataDir}: its path has a ${character} in it.`);
}
