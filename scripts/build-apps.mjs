import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildState } from './build-state.mjs';
import { generate } from './generate.mjs';

const PATIENCE_MS = 1_500;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const root = fileURLToPath(new URL('..', import.meta.url));
const stamps = join(root, 'node_modules/.cache/greenroom');

/**
 * Builds what some applications need. Silent when all is built; ends the process where it cannot be.
 *
 * To ask turbo takes longer than all else on the way to a program, so nobody is asked where nothing was written
 * since the last build.
 *
 * @param {string[]} apps folders of `apps/`
 */
export async function buildApps(...apps) {
  const stamp = join(stamps, `built-${apps.join('-')}`);
  const before = buildState(root);
  if (before.all === read(stamp)) return;

  await step('Generating what the document and the database schema say', generate);
  await step(`Building ${apps.join(', ')}`, () => build(apps));
  const after = buildState(root);
  // What was written during the build may not be in it.
  if (after.sources !== before.sources) return;
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, after.all);
}

/** Says what is done, and how long it took, where it takes long enough to be waited for. */
async function step(what, work) {
  const beganAtMs = performance.now();
  const notice = setTimeout(() => console.error(`${what} …`), PATIENCE_MS);
  try {
    await work();
  } finally {
    clearTimeout(notice);
  }
  const elapsedMs = performance.now() - beganAtMs;
  if (elapsedMs >= PATIENCE_MS) console.error(`  done in ${(elapsedMs / 1000).toFixed(1)} s`);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function build(apps) {
  const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      ...[turbo, 'run', 'build', '--output-logs=errors-only', '--log-prefix=none'],
      ...apps.map((app) => `--filter=@greenroom/${app}...`),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  // What stops this process alone must not leave the build running.
  const stop = () => child.kill('SIGTERM');
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const [status] = await once(child, 'close');
  for (const signal of STOP_SIGNALS) process.off(signal, stop);
  if (status === 0) return;
  process.stderr.write(Buffer.concat(said));
  process.exit(status ?? 1);
}
