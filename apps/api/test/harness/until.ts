import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/** Asks until the answer is yes. Throws when it is still no after `timeoutMs`. */
export async function until(what: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error(`Not so within ${timeoutMs} ms: ${what.toString()}`);
    await sleep(POLL_MS);
  }
}
