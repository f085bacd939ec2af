import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '@greenroom/testing';

export interface ServerProcessOptions {
  /** Names the server in error messages. */
  name: string;
  /** Arguments for `node`. */
  args: readonly string[];
  /** Environment variables in addition to `PORT`. */
  env: Readonly<Record<string, string>>;
  /** Resolves with whether the server at the URL is ready. */
  isReady: (url: string) => Promise<boolean>;
  /** The interval between checks whether it is ready. */
  pollMs?: number;
  /** Aborts the wait until the server is ready. */
  signal: AbortSignal;
}

/** A server in a separate process. */
export interface ServerProcess {
  readonly url: string;
  /** Sends a message to a module that the process preloads, and resolves with its reply. */
  ask(message: string): Promise<unknown>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/**
 * Starts a server in a separate process. Resolves when it is ready.
 *
 * @throws {Error} with its error output when it exits before, or is not ready within a minute
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, args, env, isReady, pollMs = POLL_MS, signal } = options;
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NODE_ENV: 'production', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // For buffers and times.
    serialization: 'advanced',
  });
  let errorOutput = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errorOutput += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (signal.aborted || hasExited(child) || Date.now() > deadline) {
      await stop(child);
      signal.throwIfAborted();
      throw new Error(`The server "${name}" did not start: ${errorOutput}`);
    }
    await delay(pollMs);
  }
  return {
    url,
    async ask(message) {
      const reply = once(child, 'message');
      child.send(message);
      return ((await reply) as [unknown])[0];
    },
    stop: () => stop(child),
  };
}

/** Resolves with whether a GET has the status 200. */
export async function isServing(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}
