import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import type { Worker } from './worker.ts';

/** How long performances may drain. Most supervisors kill after 30 s. */
const DRAIN_TIMEOUT_MS = 25_000;
/**
 * How long the remaining performances may take to leave their rooms, which takes a process 3 s at most, and to report
 * it.
 */
const LEAVE_TIMEOUT_MS = 4_000;

/**
 * Runs the workers until SIGINT, SIGTERM or SIGHUP, then drains them and exits. When the process crashes or its parent
 * exits, it leaves the rooms at once and exits.
 *
 * @param beforeExit runs last, except after a second signal
 */
export async function runUntilStopped(
  workers: readonly Worker[],
  log: Logger,
  beforeExit: () => Promise<void>,
): Promise<never> {
  const all = (action: (worker: Worker) => Promise<void>, timeoutMs: number) =>
    Promise.race([Promise.all(workers.map(action)), delay(timeoutMs)]);

  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'crashed');
    const message = `The worker crashed: ${err.message}`;
    exitAfter(all((worker) => worker.crash(message), LEAVE_TIMEOUT_MS).then(beforeExit));
  });
  // A parent with an IPC channel owns this process.
  process.on('disconnect', () => {
    exitAfter(all((worker) => worker.abort(), LEAVE_TIMEOUT_MS).then(beforeExit));
  });

  await stopRequested();
  log.info('stopping');
  await all((worker) => worker.stop(), DRAIN_TIMEOUT_MS);
  await all((worker) => worker.abort(), LEAVE_TIMEOUT_MS);
  await beforeExit();
  process.exit(0);
}

/** Exits with status 1 once the work settles. */
function exitAfter(work: Promise<unknown>): void {
  const exit = () => process.exit(1);
  work.then(exit, exit);
}

/** IPC message by which the parent process stops this one. Unlike a signal, it may arrive twice. */
const STOP_MESSAGE = 'stop';

/** Resolves at the first request to stop. A second SIGINT or SIGTERM exits at once. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (message === STOP_MESSAGE) resolve();
    });
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(1);
        stopping = true;
        resolve();
      });
    }
    // A closing terminal, its shell and an exiting launcher may each send SIGHUP, so a second one does not exit.
    process.on('SIGHUP', () => {
      stopping = true;
      resolve();
    });
  });
}
