import { GreenroomError } from '../errors/greenroom-errors.ts';

/** A longer wait is left to the caller. */
const MAX_RETRY_AFTER_MS = 60_000;

const MIN_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;

/** Returns how long to wait before the given retry (0 is the first), in milliseconds; null when it must not happen. */
export function waitBeforeRetryMs(error: unknown, retry: number, random?: () => number): number | null {
  if (!(error instanceof GreenroomError) || !error.retryable) return null;
  const { retryAfterMs = 0 } = error;
  // Added to the server's minimum: never too early, and spread out after it.
  return retryAfterMs > MAX_RETRY_AFTER_MS ? null : retryAfterMs + backoffMs(retry, random);
}

/** Returns an exponential backoff with jitter, so that clients that failed together do not return together. */
function backoffMs(retry: number, random: () => number = Math.random): number {
  return Math.min(MIN_BACKOFF_MS * 2 ** retry, MAX_BACKOFF_MS) * (0.5 + random() / 2);
}
