/**
 * Runs the API and a worker, and starts them anew after every change: of the code (turbo watches and rebuilds what is touched), and of
 * the document or the database schema (what is made from them is generated first).
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { generate } from './generate.mjs';
import { stopWithLaunchers } from './launchers.mjs';

/** Editors write a file in several steps, and a checkout changes many at once. */
const SETTLE_MS = 200;

const root = fileURLToPath(new URL('..', import.meta.url));
const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));

let settling;
let working = Promise.resolve();

function changed() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    working = working.then(generateAndSay);
  }, SETTLE_MS);
}

async function generateAndSay() {
  try {
    const generated = await generate();
    if (generated.length > 0) console.log(`Generated: ${generated.join(', ')}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} Waiting for the next change.`);
  }
}

await generateAndSay();
for (const folder of ['openapi', 'scripts/generate', 'packages/database/prisma']) {
  watch(`${root}${folder}`, { recursive: true }, changed);
}

// Each runs in its own folder, yet the data is that of `start`.
const dataDir = resolve(root, process.env['GREENROOM_DATA_DIR'] ?? '.greenroom');
const child = spawn(process.execPath, [turbo, 'watch', 'dev'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    GREENROOM_API_URL: `http://127.0.0.1:${process.env['PORT'] ?? 4000}`,
    GREENROOM_WORKER_KEY_FILE: resolve(dataDir, 'worker.key'),
    GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true',
    ...process.env,
    GREENROOM_DATA_DIR: dataDir,
    GREENROOM_DOCS_DIR: resolve(root, 'apps/docs/dist/site'),
  },
});
// A terminal sends Ctrl-C to turbo as well; whoever stops this process alone expects the same.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.on('SIGHUP', () => child.kill('SIGTERM'));
stopWithLaunchers();
child.on('close', (status) => process.exit(status ?? 0));
