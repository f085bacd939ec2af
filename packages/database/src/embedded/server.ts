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
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { isServing, readPidFile, removeStale } from './pid-file.ts';
import { freePort, isFree } from './port.ts';
import { run, type Outcome, type Runner } from './run.ts';

/** A cluster and the means to run it. */
export interface Server {
  cluster: string;
  runner: Runner;
  binaries: Binaries;
  /** PostgreSQL settings beyond our own. */
  settings: Readonly<Record<string, string>>;
}

/** `retry`: the server could not start for a reason that passes; look again whether it runs by now. */
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
 * Starts the server on the given port of 127.0.0.1, else on the one it had, else on any that is free.
 * Throws when the given port is taken, and when PostgreSQL cannot start. Once `signal` is aborted, no server of this call
 * runs any more when it throws the reason.
 */
export async function startServer(
  server: Server,
  requestedPort: number | undefined,
  signal?: AbortSignal,
): Promise<StartOutcome> {
  const port = requestedPort ?? (await usablePort(server.cluster));
  if (requestedPort !== undefined && !(await isFree(requestedPort))) throw portTaken(requestedPort);
  const log = join(server.cluster, 'server.log');
  const before = existsSync(log) ? statSync(log).size : 0;
  const options = Object.entries({ ...SETTINGS, port: String(port), ...server.settings });
  // Detached and by pg_ctl: the server is in no process group of ours, so a Ctrl-C reaches us alone.
  const args = ['--pgdata', server.cluster, '--log', log, '--wait', '--timeout', '120', '--silent'];
  const flags = options.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const starting = run(server.runner, server.binaries.pg_ctl, ['start', ...args, '-o', flags], {
    detached: true,
  });
  const { code, output } = await stoppedOnAbort(server, starting, signal);
  if (code === 0) {
    writeFileSync(portFile(server.cluster), `${port}\n`, { mode: 0o600 });
    return 'started';
  }
  const reason = tail(log, before) || output;
  if (reason.includes('Address already in use')) {
    if (requestedPort !== undefined) throw portTaken(requestedPort);
    return 'retry';
  }
  // Another opener was faster, or what a killed server left behind is still ending.
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(reason)) return 'retry';
  throw new Error(`The embedded PostgreSQL in ${server.cluster} could not start:\n${reason}`);
}

/** Waits for a start. On abort, stops the server in whatever phase of its start it is, and throws the reason. */
async function stoppedOnAbort(
  server: Server,
  starting: Promise<Outcome>,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  let ended = false;
  let stopping = Promise.resolve();
  const stop = async (): Promise<void> => {
    // A server cannot be stopped before it has written the whole of its pid file.
    while (!ended) {
      await stopServer(server).catch(() => undefined);
      await sleep(STOP_RETRY_MS);
    }
    await stopServer(server);
  };
  const onAbort = (): void => {
    stopping = stop();
    // Awaited below, where the start has ended.
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

/** `fast` rolls back what is in progress; `immediate` also leaves the files to the recovery of the next start. */
export type StopMode = 'fast' | 'immediate';

/** Stops the server and waits for it; its connections are closed. One that was killed meanwhile is stopped too. */
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

/** Ends a server that does not respond. What was committed is there after the recovery of the next start. */
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
    await sleep(STOP_RETRY_MS);
  }
  removeStale(file);
}

async function usablePort(cluster: string): Promise<number> {
  const file = portFile(cluster);
  const remembered = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
  return remembered > 0 && (await isFree(remembered)) ? remembered : freePort();
}

function portFile(cluster: string): string {
  return join(cluster, 'greenroom-port');
}

function portTaken(port: number): Error {
  return new Error(
    `The embedded PostgreSQL cannot listen on 127.0.0.1:${port}: another program does already. ` +
      'Stop it, choose another port, or choose none to have a free one found.',
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
