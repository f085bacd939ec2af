import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { nodeArguments } from '@greenroom/testing';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Runs a worker next to a server, as `start` does: the simulator, unless the environment names another runtime. Resolves,
 * when it has registered, with what ends it.
 */
export async function startSimulator({
  url,
  key,
  environment = {},
}: {
  url: string;
  key: string;
  environment?: Record<string, string>;
}): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, nodeArguments('apps/worker/src/main.ts'), {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], GREENROOM_API_URL: url, GREENROOM_WORKER_KEY: key, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
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
  if (child.exitCode !== null) throw new Error(`The worker ended and said: ${said}`);
  return async () => {
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    await closed;
  };
}
