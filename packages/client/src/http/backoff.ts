const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * How long to wait before the given retry (0 is the first), in milliseconds: twice as long each time, and somewhere
 * between half of that and all of it, so that clients that failed together do not come back together.
 */
export function backoffMs(retry: number, random: () => number = Math.random): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** retry, LONGEST_BACKOFF_MS) * (0.5 + random() / 2);
}
