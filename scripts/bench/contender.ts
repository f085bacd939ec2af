import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '@greenroom/testing';

/** A server to measure. */
export interface ContenderOptions {
  name: string;
  /** Arguments for `node`. */
  args: readonly string[];
  /** Environment variables in addition to `PORT`. */
  env: Readonly<Record<string, string>>;
  /** Resolves with whether the server at the URL is ready to be measured. */
  isReady: (url: string) => Promise<boolean>;
  /** Aborts the wait until the server is ready. */
  signal: AbortSignal;
}

export interface Contender {
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/**
 * Starts a contender in a separate process. Resolves when it is ready.
 *
 * @throws {Error} with its error output when it exits before, or is not ready within a minute
 */
export async function startContender(options: ContenderOptions): Promise<Contender> {
  const { name, args, env, isReady, signal } = options;
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NODE_ENV: 'production', GREENROOM_DEV_ORG: 'true', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errorOutput = '';
  child.stderr.on('data', (chunk: Buffer) => {
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
    await delay(POLL_MS);
  }
  return { name, url, stop: () => stop(child) };
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
