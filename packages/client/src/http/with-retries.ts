import { delay } from './delay.ts';
import { waitBeforeRetryMs } from './wait-before-retry.ts';

/** Limits the sum of all waits of one call, whatever the server asks for. */
const MAX_TOTAL_WAIT_MS = 120_000;

export interface RetryPolicy {
  /** How many times a request is sent again after the first attempt. */
  readonly maxRetries: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls `attempt` until it succeeds or must not be retried. `attempt` gets the number of the retry, 0 at first.
 *
 * @throws the error of the last attempt
 */
export async function withRetries<Result>(
  { maxRetries, signal }: RetryPolicy,
  attempt: (retry: number) => Promise<Result>,
): Promise<Result> {
  let waitedMs = 0;
  for (let retry = 0; ; retry++) {
    try {
      return await attempt(retry);
    } catch (error) {
      const waitMs = retry < maxRetries ? waitBeforeRetryMs(error, retry) : null;
      if (waitMs === null || waitedMs + waitMs > MAX_TOTAL_WAIT_MS) throw error;
      await delay(waitMs, signal);
      waitedMs += waitMs;
    }
  }
}
