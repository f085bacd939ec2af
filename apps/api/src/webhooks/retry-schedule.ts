import { document } from '../document/document.ts';

/** Seconds from the failure of each attempt to the next one, as the document states them. */
const RETRY_DELAYS_SECONDS = document.components.schemas['WebhookDelivery']?.[
  'x-retry-delays-seconds'
] as readonly number[];
/** The part of a delay by which it may be longer, so that the deliveries of an outage do not return together. */
const JITTER = 0.1;
/** Failures in a row after which an endpoint gets pauses. */
const FAILURES_WITHOUT_PAUSE = 2;
const MAX_PAUSE_SECONDS = 60;

/** Returns the delay before the next attempt after a number of failures; null after the last. */
export function retryDelaySeconds(failed: number, random: () => number = Math.random): number | null {
  const delay = RETRY_DELAYS_SECONDS[failed - 1];
  return delay === undefined ? null : delay * (1 + random() * JITTER);
}

/**
 * Returns the pause of an endpoint after a number of failures in a row. Nothing is sent during it, even if deliveries are
 * due. It limits the work that an endpoint with many deliveries costs while it is down.
 */
export function pauseSeconds(failures: number): number {
  if (failures <= FAILURES_WITHOUT_PAUSE) return 0;
  return Math.min(MAX_PAUSE_SECONDS, 2 ** (failures - FAILURES_WITHOUT_PAUSE - 1));
}
