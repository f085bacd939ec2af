/**
 * Runs the API and a worker, and restarts them after every change. Turbo watches the code and rebuilds the changed
 * packages; this program watches the document and the database schema and regenerates the code.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { generate } from './generate.mjs';
import { stopWithLaunchers } from './launchers.mjs';

/** Editors write a file in several steps, and a checkout changes many files at once. */
const DEBOUNCE_MS = 200;

const root = fileURLToPath(new URL('..', import.meta.url));
const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));

let timer;
let generating = Promise.resolve();

function onChange() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    generating = generating.then(generateAndLog);
  }, DEBOUNCE_MS);
}

async function generateAndLog() {
  try {
    const generated = await generate();
    if (generated.length > 0) console.log(`Generated: ${generated.join(', ')}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} Waiting for the next change.`);
  }
}

await generateAndLog();
for (const folder of ['openapi', 'scripts/generate', 'packages/database/prisma']) {
  watch(`${root}${folder}`, { recursive: true }, onChange);
}

// The programs run in their own folders, but use the same data directory as `start`.
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
    GREENROOM_CONSOLE_DIR: resolve(root, 'apps/console/dist/site'),
  },
});
// Ctrl-C in a terminal reaches turbo directly. Forward the signals that are sent only to this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.on('SIGHUP', () => child.kill('SIGTERM'));
stopWithLaunchers();
child.on('close', (status) => process.exit(status ?? 0));
