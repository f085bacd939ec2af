import { realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';

import { findBinaries } from './binaries.ts';
import { clusterPath, ensureCluster, ensureDataDir, readPassword, SUPERUSER } from './cluster.ts';
import { isServing, readPidFile, removeStale } from './pid-file.ts';
import { chooseRunner } from './runner.ts';
import { acquireLease, type ServerLease } from './server-lease.ts';
import { killServer, startServer, stopServer, type Server, type StopMode } from './server.ts';

const DATABASE = 'greenroom';
const OPEN_TIMEOUT_MS = 150_000;
const POLL_MS = 25;

export interface EmbeddedPostgresOptions {
  /** Directory of the cluster, which is in `postgres/`. Created when it does not exist. */
  dataDir: string;
  /** TCP port on 127.0.0.1. Default: the previous port if it is free, otherwise any free port. */
  port?: number;
  /** PostgreSQL settings, used when this call starts the server. Values must not contain spaces or quotes. */
  settings?: Readonly<Record<string, string>>;
  /** Called with a sentence when the server was restarted, or could not be. */
  log?: (message: string) => void;
  /** Aborts opening, and every later restart of a server that was killed. */
  signal?: AbortSignal;
}

/** The embedded server of a data directory, shared by all processes that opened the directory. */
export interface EmbeddedPostgres {
  /** Connection string. Contains the password: never log it. */
  url: string;
  /**
   * Stops using the server. The last process that uses it stops it. When a `fast` stop takes too long, call again with
   * `immediate`.
   */
  stop(mode?: StopMode): Promise<void>;
}

/**
 * Opens the embedded PostgreSQL of a data directory. Creates its cluster and starts its server, or joins the server
 * that another process started or that a killed process left running.
 *
 * @throws {Error} with instructions when the port is taken, the directory belongs to another user, or PostgreSQL cannot
 * start. Rejects with the reason of an aborted `signal` after everything that was started has been stopped and removed.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, log = () => undefined, signal } = options;
  ensureDataDir(options.dataDir);
  const dataDir = realpathSync(options.dataDir);
  assertQuotable(dataDir);
  const binaries = findBinaries();
  const cluster = clusterPath(dataDir);
  const runner = chooseRunner(dataDir, cluster, binaries);
  await ensureCluster(dataDir, runner, binaries, { settings, signal });
  const server: Server = { cluster, runner, binaries, settings };
  const { lease, port } = await join(server, options, log);
  try {
    signal?.throwIfAborted();
    await ensureDatabase(connectionString(cluster, port, 'postgres'));
    signal?.throwIfAborted();
  } catch (error) {
    await leave(server, lease, lease.release(), 'fast');
    throw error;
  }
  let releasing: Promise<boolean | undefined> | undefined;
  const stopping = new Map<StopMode, Promise<void>>();
  return {
    url: connectionString(cluster, port, DATABASE),
    stop(mode = 'fast') {
      releasing ??= lease.release();
      const stop = stopping.get(mode) ?? leave(server, lease, releasing, mode);
      stopping.set(mode, stop);
      return stop;
    },
  };
}

async function join(
  server: Server,
  { port: requestedPort, signal }: EmbeddedPostgresOptions,
  log: (message: string) => void,
): Promise<{ lease: ServerLease; port: number }> {
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
      const lease = await acquireLease(
        url,
        server.cluster,
        () => restart(server, port, log, signal),
        log,
      ).catch(() => undefined);
      if (lease) return { lease, port };
    }
    if (file && isServing(file, server.cluster)) {
      await delay(POLL_MS);
      continue;
    }
    if (file) removeStale(file);
    started = (await startServer(server, requestedPort, signal)) === 'started';
    if (!started) await delay(POLL_MS);
  }
  throw new Error(
    `The embedded PostgreSQL in ${server.cluster} is running but did not respond for ${OPEN_TIMEOUT_MS / 1000} s. ` +
      'See its server.log.',
  );
}

/** Restarts a killed server on the same port, where its clients look for it. */
async function restart(
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
    log(`The embedded PostgreSQL died and was restarted on port ${port}.`);
  }
}

/** Stops the server if the released lease was the last one, or if the server no longer responds. */
async function leave(
  server: Server,
  lease: ServerLease,
  releasing: Promise<boolean | undefined>,
  mode: StopMode,
): Promise<void> {
  try {
    const isLast = await releasing;
    if (isLast === true) await stopServer(server, mode);
    // Others cannot use it either, and start it again.
    if (isLast === undefined) await killServer(server);
  } finally {
    lease.close();
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

// Two processes may create the database at the same time. PostgreSQL reports that with one of two codes.
function ignoreDuplicate(error: unknown): void {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code !== '42P04' && code !== '23505') throw error;
}

function connectionString(cluster: string, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/${database}`;
}

// pg_ctl quotes the path with double quotes in a shell command.
function assertQuotable(dataDir: string): void {
  const character = /["$`\\]/.exec(dataDir)?.[0];
  if (character === undefined || process.platform === 'win32') return;
  throw new Error(
    `The path of the data directory ${dataDir} must not contain ${character}. Choose another directory.`,
  );
}
