import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 20_000;
const POLL_MS = 10;

/**
 * Resolves as soon as the condition holds.
 *
 * @throws {Error} when it does not hold within 20 s
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${TIMEOUT_MS} ms: ${condition.toString()}`);
    await delay(POLL_MS);
  }
}
