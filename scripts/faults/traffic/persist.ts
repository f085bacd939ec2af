import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 100;
const TIMEOUT_MS = 60_000;

/**
 * Repeats work until it succeeds or fails permanently, like callers of a service that is unavailable.
 *
 * @throws the error of the last attempt
 */
export async function persist<T>(
  work: () => Promise<T>,
  isTemporary: (error: unknown) => boolean,
): Promise<T> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error) || performance.now() > deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}
