import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { nodeArguments } from '@greenroom/testing';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Runs a worker next to a server, like `start`: the simulator, unless the environment names another runtime. Resolves,
 * once it has registered, with a function that stops it. `SIGKILL` on a worker with a separate process group also ends
 * the processes of its sessions, like a power failure.
 */
export async function startSimulator({
  url,
  key,
  environment = {},
  hasGroup = false,
}: {
  url: string;
  key: string;
  environment?: Record<string, string>;
  hasGroup?: boolean;
}): Promise<(signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>> {
  const child = spawn(process.execPath, nodeArguments('apps/worker/src/main.ts'), {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], GREENROOM_API_URL: url, GREENROOM_WORKER_KEY: key, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: hasGroup,
  });
  const closed = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('registered')) child.emit('registered');
    });
  }
  await Promise.race([once(child, 'registered'), closed]);
  if (child.exitCode !== null) throw new Error(`The worker exited: ${said}`);
  return async (signal = 'SIGTERM') => {
    if (signal === 'SIGKILL' && child.pid !== undefined) process.kill(-child.pid, signal);
    // The second signal ends sessions at once.
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await closed;
  };
}
