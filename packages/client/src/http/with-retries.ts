import { sleep } from './sleep.ts';
import { waitBeforeRetryMs } from './wait-before-retry.ts';

/** All the waiting of one call together; what a call can take stays foreseeable whatever the server asks for. */
const LONGEST_TOTAL_WAIT_MS = 120_000;

export interface RetryPolicy {
  /** How many times a request is sent again after the first; 0 is never. */
  readonly maxRetries: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls `attempt` until it succeeds or fails in a way that is not worth another try, and rejects with its last error.
 * `attempt` gets the number of the calls before.
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
      if (waitMs === null || waitedMs + waitMs > LONGEST_TOTAL_WAIT_MS) throw error;
      await sleep(waitMs, signal);
      waitedMs += waitMs;
    }
  }
}
