/** Builds, then runs the API in this process and a worker beside it. */
import { buildApps } from './build-apps.mjs';
import { startWorker } from './start-worker.mjs';

await buildApps('api', 'worker');
const { run } = await import('../apps/api/dist/run.js');
await run(({ url, workerKeyFile }) =>
  workerKeyFile === null ? async () => undefined : startWorker({ url, workerKeyFile }),
);
