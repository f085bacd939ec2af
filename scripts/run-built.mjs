/**
 * Builds what the API needs, then runs one of its programs in this process, so that signals and arguments reach it:
 * `node scripts/run-built.mjs cli/keys.js create …`. Silent when all is built, so that only the program speaks.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { generate } from './generate.mjs';

const PATIENCE_MS = 1_500;

const [program, ...args] = process.argv.slice(2);
if (program === undefined)
  throw new Error('Usage: node scripts/run-built.mjs <program in apps/api/dist> [arguments]');

await generate();
await build();
const entry = new URL(`../apps/api/dist/${program}`, import.meta.url);
process.argv.splice(1, Infinity, fileURLToPath(entry), ...args);
await import(entry.href);

async function build() {
  const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    [turbo, 'run', 'build', '--filter=@greenroom/api...', '--output-logs=errors-only', '--log-prefix=none'],
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
