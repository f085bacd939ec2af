import { setTimeout as delay } from 'node:timers/promises';

/** Time for `force` after a second request to stop. */
const FORCE_TIMEOUT_MS = 15_000;

/** Requests to stop this process: SIGINT, SIGTERM, and SIGHUP of a terminal that closes. */
export interface StopSignals {
  /** Aborts at the first request. */
  signal: AbortSignal;
  /** Resolves at the first request. */
  requested: Promise<void>;
}

/**
 * Listens for requests to stop. After the second one, unless it is a SIGHUP, the process waits only for `force`, at
 * most `FORCE_TIMEOUT_MS`, and exits with status 1.
 */
export function listenForStopSignals(force: () => Promise<void>): StopSignals {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const request = (): void => {
    count += 1;
    if (count === 1) controller.abort(new Error('The start was stopped.'));
    if (count === 2) finish(force).then(exit, exit);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, request);
  // Never counts as the second request: terminal and shell also send it after Ctrl-C, when the launchers have ended.
  process.on('SIGHUP', () => {
    if (count === 0) request();
  });
  return {
    signal,
    requested: new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  };
}

async function finish(force: () => Promise<void>): Promise<void> {
  const timeout = delay(FORCE_TIMEOUT_MS).then(() => {
    throw new Error(`it did not end within ${FORCE_TIMEOUT_MS / 1000} s`);
  });
  try {
    await Promise.race([force(), timeout]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`The embedded PostgreSQL may still run: ${reason}.`);
  }
}

function exit(): never {
  process.exit(1);
}
