import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Binaries } from './binaries.ts';
import { isServing, readPidFile, removeStale } from './pid-file.ts';
import { run, type Runner, type RunResult } from './run.ts';

/** A cluster and how to run it. */
export interface Server {
  cluster: string;
  runner: Runner;
  binaries: Binaries;
  /** PostgreSQL settings in addition to `SETTINGS`. */
  settings: Readonly<Record<string, string>>;
}

/** `retry`: the server could not start for a temporary reason. Check again whether it runs. */
export type StartOutcome = 'started' | 'retry';

const STOP_RETRY_MS = 50;
const STOP_TIMEOUT_SECONDS = 60;
const KILL_AFTER_SECONDS = 2;
const KILL_TIMEOUT_MS = 2_000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * Starts the server on `requestedPort` of 127.0.0.1, else on its previous port, else on any free port.
 *
 * @throws {Error} when `requestedPort` is taken or PostgreSQL cannot start. Rejects with the reason of an aborted
 * `signal` after the server has been stopped.
 */
export async function startServer(
  server: Server,
  requestedPort: number | undefined,
  signal?: AbortSignal,
): Promise<StartOutcome> {
  const port = await choosePort(requestedPort, server.cluster);
  const log = join(server.cluster, 'server.log');
  const before = existsSync(log) ? statSync(log).size : 0;
  const options = Object.entries({ ...SETTINGS, port: String(port), ...server.settings });
  // Detached and started by pg_ctl, the server is in another process group, so Ctrl-C does not reach it.
  const args = ['--pgdata', server.cluster, '--log', log, '--wait', '--timeout', '120', '--silent'];
  const flags = options.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const starting = run(server.runner, server.binaries.pg_ctl, ['start', ...args, '-o', flags], {
    detached: true,
  });
  const { code, output } = await stopOnAbort(server, starting, signal);
  if (code === 0) {
    writeFileSync(portFile(server.cluster), `${port}\n`, { mode: 0o600 });
    return 'started';
  }
  const reason = tail(log, before) || output;
  if (reason.includes('Address already in use')) {
    if (requestedPort !== undefined) throw portTaken(requestedPort);
    return 'retry';
  }
  // Another process started the server first, or processes of a killed server are still exiting.
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(reason)) return 'retry';
  throw new Error(`The embedded PostgreSQL in ${server.cluster} could not start:\n${reason}`);
}

/** Waits for a start. When the signal aborts, stops the server, even while it starts, and throws the reason. */
async function stopOnAbort(
  server: Server,
  starting: Promise<RunResult>,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  let ended = false;
  let stopping = Promise.resolve();
  const stop = async (): Promise<void> => {
    // A server cannot be stopped before its pid file is complete.
    while (!ended) {
      await stopServer(server).catch(() => undefined);
      await delay(STOP_RETRY_MS);
    }
    await stopServer(server);
  };
  const onAbort = (): void => {
    stopping = stop();
    // The rejection is handled below, where `stopping` is awaited.
    stopping.catch(() => undefined);
  };
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await starting;
  } finally {
    ended = true;
    signal?.removeEventListener('abort', onAbort);
    await stopping;
    signal?.throwIfAborted();
  }
}

/** `fast` rolls back open transactions. `immediate` does not shut down cleanly: the next start runs crash recovery. */
export type StopMode = 'fast' | 'immediate';

/**
 * Stops the server and closes its connections. Resolves when it has stopped, even if it was killed in the meantime.
 *
 * @throws {Error} when the server could not be stopped
 */
export async function stopServer(
  server: Server,
  mode: StopMode = 'fast',
  timeoutSeconds = STOP_TIMEOUT_SECONDS,
): Promise<void> {
  const args = ['--pgdata', server.cluster, '--mode', mode, '--wait', '--timeout', String(timeoutSeconds)];
  const { code, output } = await run(server.runner, server.binaries.pg_ctl, ['stop', '--silent', ...args], {
    detached: true,
  });
  if (code === 0) return;
  const file = readPidFile(server.cluster);
  if (file && isServing(file, server.cluster)) {
    throw new Error(`The embedded PostgreSQL in ${server.cluster} could not be stopped:\n${output}`);
  }
}

/**
 * Kills a server that does not respond. The next start recovers committed data.
 *
 * @throws {Error} when the process still runs
 */
export async function killServer(server: Server): Promise<void> {
  await stopServer(server, 'immediate', KILL_AFTER_SECONDS).catch(() => undefined);
  const file = readPidFile(server.cluster);
  if (!file || !isServing(file, server.cluster)) return;
  process.kill(file.pid, 'SIGKILL');
  const deadline = Date.now() + KILL_TIMEOUT_MS;
  while (isServing(file, server.cluster)) {
    if (Date.now() > deadline) {
      throw new Error(`The embedded PostgreSQL in ${server.cluster} still runs as process ${file.pid}.`);
    }
    await delay(STOP_RETRY_MS);
  }
  removeStale(file);
}

async function choosePort(requested: number | undefined, cluster: string): Promise<number> {
  if (requested !== undefined) {
    if ((await tryPort(requested)) === undefined) throw portTaken(requested);
    return requested;
  }
  const file = portFile(cluster);
  const previous = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
  const port = (previous > 0 ? await tryPort(previous) : undefined) ?? (await tryPort(0));
  if (port === undefined) throw new Error('No TCP port of 127.0.0.1 is free.');
  return port;
}

/** Resolves with a port on which 127.0.0.1 can listen now, any one for 0; undefined when it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function portFile(cluster: string): string {
  return join(cluster, 'greenroom-port');
}

function portTaken(port: number): Error {
  return new Error(
    `The embedded PostgreSQL cannot listen on 127.0.0.1:${port}: the port is in use. ` +
      'Stop the other program, choose another port, or choose none to use any free port.',
  );
}

function tail(path: string, from: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  const added = Buffer.alloc(Math.min(Math.max(fstatSync(file).size - from, 0), 8192));
  readSync(file, added, 0, added.length, from);
  closeSync(file);
  return added.toString('utf8').trim();
}
