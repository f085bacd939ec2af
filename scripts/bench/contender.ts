import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '@greenroom/testing';

/** A server to measure: what `node` is to run, and in which environment, beside a port. */
export interface ContenderOptions {
  name: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether what is at the URL can be measured now. */
  isReady: (url: string) => Promise<boolean>;
  /** Ends the waiting. */
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
 * Starts a contender in its own process, its output to nowhere; resolves when it is ready.
 *
 * @throws with what it said when it ends before that or takes longer than a minute
 */
export async function startContender(options: ContenderOptions): Promise<Contender> {
  const { name, args, env, isReady, signal } = options;
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env, NODE_ENV: 'production', GREENROOM_DEV_ORG: 'true', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (signal.aborted || hasEnded(child) || Date.now() > deadline) {
      await stop(child);
      signal.throwIfAborted();
      throw new Error(`The server "${name}" did not start. It said: ${said}`);
    }
    await sleep(POLL_MS);
  }
  return { name, url, stop: () => stop(child) };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
