import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

import type { Worker } from './worker.ts';

/** Performances that drain get this long, within the 30 s after which most supervisors kill. */
const DRAIN_MS = 25_000;
/** What is left then leaves its room, and says so if it can. */
const LEAVE_MS = 2_000;

/**
 * Lets the workers work until SIGINT, SIGTERM or SIGHUP, then drains them and ends the process. It ends at once, its rooms
 * left, when it crashes or when the process that started it is gone.
 */
export async function runUntilStopped(workers: readonly Worker[], log: Logger): Promise<never> {
  const all = (work: (worker: Worker) => Promise<void>, patienceMs: number) =>
    Promise.race([Promise.all(workers.map(work)), sleep(patienceMs)]);

  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'crashed');
    const message = `The worker stopped on an error: ${err.message}`;
    exitAfter(all((worker) => worker.crash(message), LEAVE_MS));
  });
  // Whoever started it with a channel owns it.
  process.on('disconnect', () => {
    exitAfter(all((worker) => worker.abort(), LEAVE_MS));
  });

  await stopRequested();
  log.info('stopping');
  await all((worker) => worker.stop(), DRAIN_MS);
  await all((worker) => worker.abort(), LEAVE_MS);
  process.exit(0);
}

/** Ends the process as failed once the work has ended, however it did. */
function exitAfter(work: Promise<unknown>): void {
  const exit = () => process.exit(1);
  work.then(exit, exit);
}

/** What the process that started this one sends to stop it: unlike a signal it may come twice. */
const STOP_MESSAGE = 'stop';

/** Resolves at the first request to stop; at a second signal other than SIGHUP the process ends at once. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (message === STOP_MESSAGE) resolve();
    });
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
    // It may follow another: the terminal and the shell send it, and a launcher that ends.
    process.on('SIGHUP', () => {
      asked = true;
      resolve();
    });
  });
}
