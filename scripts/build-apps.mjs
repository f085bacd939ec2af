import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { generate } from './generate.mjs';

const NOTICE_DELAY_MS = 1_500;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds applications and their dependencies; turbo restores unchanged ones from its cache. Prints nothing when it is
 * fast. Exits the process when the build fails.
 *
 * @param {string[]} apps folders of `apps/`
 */
export async function buildApps(...apps) {
  await step('Generating code from the document and the database schema', generate);
  await step(`Building ${apps.join(', ')}`, () => build(apps));
}

/** Runs a step. Prints its name and duration when it takes longer than `NOTICE_DELAY_MS`. */
async function step(name, run) {
  const startedAtMs = performance.now();
  const notice = setTimeout(() => console.error(`${name} …`), NOTICE_DELAY_MS);
  try {
    await run();
  } finally {
    clearTimeout(notice);
  }
  const elapsedMs = performance.now() - startedAtMs;
  if (elapsedMs >= NOTICE_DELAY_MS) console.error(`  done in ${(elapsedMs / 1000).toFixed(1)} s`);
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
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  // A signal to this process must also stop the build.
  const stop = () => child.kill('SIGTERM');
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const [status] = await once(child, 'close');
  for (const signal of STOP_SIGNALS) process.off(signal, stop);
  if (status === 0) return;
  process.stderr.write(Buffer.concat(output));
  process.exit(status ?? 1);
}
