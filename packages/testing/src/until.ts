import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Resolves as soon as the condition holds.
 *
 * @throws {Error} when it does not hold within `timeoutMs`
 */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${condition.toString()}`);
    await delay(POLL_MS);
  }
}
