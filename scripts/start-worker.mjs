import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { workerEnvironment } from './worker-environment.mjs';

const PROGRAM = fileURLToPath(new URL('../apps/worker/dist/main.js', import.meta.url));

/** A worker that exits sooner than this would exit again, so it is not restarted. */
const MIN_UPTIME_MS = 5_000;

/**
 * Runs a worker for the local API in a separate process, and restarts it when it exits. The worker exits with this
 * process, even when this process is killed, because the IPC channel closes.
 *
 * @param {{ url: string, workerKeyFile: string }} api
 * @returns {() => Promise<void>} stops the worker, and resolves when it has exited
 */
export function startWorker(api) {
  const env = workerEnvironment(api, process.env);
  let stopping = false;
  let worker;
  let exited;

  launch();
  return async () => {
    stopping = true;
    // A message instead of a signal: Ctrl-C in a terminal reaches the worker too, and a second signal ends it at once.
    if (worker.connected) worker.send('stop', () => undefined);
    await exited;
  };

  function launch() {
    const launchedAt = performance.now();
    worker = fork(PROGRAM, { env, execArgv: ['--enable-source-maps'] });
    exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.once('exit', () => {
      if (stopping) return;
      const restart = performance.now() - launchedAt > MIN_UPTIME_MS;
      console.error(
        restart
          ? 'The worker exited. Restarting it.'
          : 'The worker exited at its start. Sessions stay queued.',
      );
      if (restart) launch();
    });
  }
}
