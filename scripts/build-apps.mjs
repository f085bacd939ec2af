import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { generate } from './generate.mjs';

const PATIENCE_MS = 1_500;

/**
 * Builds what some applications need. Silent when all is built; ends the process where it cannot be.
 *
 * @param {string[]} apps folders of `apps/`
 */
export async function buildApps(...apps) {
  await generate();
  const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      ...[turbo, 'run', 'build', '--output-logs=errors-only', '--log-prefix=none'],
      ...apps.map((app) => `--filter=@greenroom/${app}...`),
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  const notice = setTimeout(() => console.error('Building …'), PATIENCE_MS);
  const [status] = await once(child, 'close');
  clearTimeout(notice);
  if (status === 0) return;
  process.stderr.write(Buffer.concat(said));
  process.exit(status ?? 1);
}
