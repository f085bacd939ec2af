import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { workerEnvironment } from './worker-environment.mjs';

const PROGRAM = fileURLToPath(new URL('../apps/worker/dist/main.js', import.meta.url));

/** One that ended sooner than this would only end again. */
const SETTLED_MS = 5_000;

/**
 * Runs a worker for the API of this machine in a process of its own, and another when it dies. It ends with this
 * process, however that ends: the channel between them is gone then.
 *
 * @param {{ url: string, workerKeyFile: string }} serving
 * @returns {() => Promise<void>} lets it finish, and resolves when it has ended
 */
export function startWorker(serving) {
  const env = workerEnvironment(serving, process.env);
  let stopping = false;
  let worker;
  let ended;

  launch();
  return async () => {
    stopping = true;
    // Not a signal: a terminal has sent one to both, and at the second the worker would end at once.
    if (worker.connected) worker.send('stop', () => undefined);
    await ended;
  };

  function launch() {
    const launchedAt = performance.now();
    worker = fork(PROGRAM, { env, execArgv: ['--enable-source-maps'] });
    ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.once('exit', () => {
      if (stopping) return;
      const settled = performance.now() - launchedAt > SETTLED_MS;
      console.error(settled ? 'The worker died. Starting another.' : 'The worker died, sessions will wait.');
      if (settled) launch();
    });
  }
}
