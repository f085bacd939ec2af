import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '@greenroom/testing';

const RESPONSE_TIMEOUT_MS = 5_000;

export interface ServerProcessOptions {
  /** Names the server in error messages. */
  name: string;
  /** Arguments for `node`. */
  args: readonly string[];
  /** The environment, to which `PORT` is added. */
  env: Readonly<Record<string, string | undefined>>;
  /** Resolves with whether the server at the URL is ready. */
  isReady: (url: string) => Promise<boolean>;
  /** The interval between checks whether it is ready. */
  pollMs?: number;
  /** Aborts the wait until the server is ready. */
  signal?: AbortSignal | undefined;
  /** Whether the log is read, which takes time from what is measured. */
  readsLog?: boolean;
}

/** A server in a separate process. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Returns the last part of its errors, and of its log if that is read. */
  output(): string;
  /** Sends a message to a module that the process preloads, and resolves with its reply. */
  ask(message: string): Promise<unknown>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const OUTPUT_LENGTH = 4_000;

/**
 * Starts a server in a separate process, on a free port. Resolves when it is ready.
 *
 * @throws {Error} with its output when it exits before, or is not ready within a minute
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, args, env, isReady, pollMs = POLL_MS, signal, readsLog = false } = options;
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', readsLog ? 'pipe' : 'ignore', 'pipe', 'ipc'],
    // For buffers and times.
    serialization: 'advanced',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_LENGTH)));
  }
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (signal?.aborted === true || hasExited(child) || performance.now() > deadline) {
      await stopProcess(child);
      signal?.throwIfAborted();
      throw new Error(`The server "${name}" did not start:\n${output}`);
    }
    await delay(pollMs);
  }
  return {
    url,
    child,
    output: () => output,
    async ask(message) {
      const reply = once(child, 'message');
      child.send(message);
      return ((await reply) as [unknown])[0];
    },
    async stop() {
      await stopProcess(child);
    },
  };
}

/** Resolves with whether a GET has a 2xx status within `RESPONSE_TIMEOUT_MS`. */
export async function isServing(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Stops a process. Resolves with its exit status, or null when it had to be killed after 30 s. */
export async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (hasExited(child)) return child.exitCode;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill();
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}

export function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
