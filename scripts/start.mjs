/**
 * Builds the applications, then runs the API with its documentation and the console, in this process or with
 * `--processes N` in several, and a worker in another.
 */
import { fileURLToPath } from 'node:url';

import { buildApps } from './build-apps.mjs';
import { stopWithLaunchers } from './launchers.mjs';
import { startWorker } from './start-worker.mjs';

stopWithLaunchers();
await buildApps('api', 'worker', 'docs', 'console');
process.env['GREENROOM_DOCS_DIR'] ??= fileURLToPath(new URL('../apps/docs/dist/site', import.meta.url));
process.env['GREENROOM_CONSOLE_DIR'] ??= fileURLToPath(new URL('../apps/console/dist/site', import.meta.url));
const { run } = await import('../apps/api/dist/run.js');
await run({
  args: process.argv.slice(2),
  companion: ({ url, workerKeyFile }) =>
    workerKeyFile === null ? async () => undefined : startWorker({ url, workerKeyFile }),
});
