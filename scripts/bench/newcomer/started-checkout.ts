import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort, until } from '@greenroom/testing';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_TIMEOUT_MS = 300_000;

/** The output of `start`. */
export interface StartedCheckout extends AsyncDisposable {
  docsUrl: string;
  consoleUrl: string;
  testKey: string;
}

/**
 * Runs the README's first command in this checkout, with new data. Resolves when it has printed its addresses.
 *
 * @throws {Error} with the output when `start` exits
 */
export async function startCheckout(signal: AbortSignal): Promise<StartedCheckout> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-newcomer-'));
  const child = spawn('npx', ['-y', 'pnpm@12', 'start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(await freePort()), GREENROOM_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Starts a process group, which Ctrl-C in a terminal reaches as a whole.
    detached: true,
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await exited;
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  };
  const printed = (name: string) => new RegExp(`^  ${name} +(\\S+)$`, 'm').exec(output)?.[1] ?? '';
  try {
    await until(() => {
      signal.throwIfAborted();
      if (child.exitCode !== null) throw new Error(`\`start\` exited: ${output}`);
      return output.includes('Ctrl-C stops');
    }, START_TIMEOUT_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    docsUrl: printed('docs'),
    consoleUrl: printed('console'),
    testKey: printed('test key'),
    [Symbol.asyncDispose]: stop,
  };
}
