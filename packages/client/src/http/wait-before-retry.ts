import { GreenroomConnectionError } from '../errors/greenroom-connection-error.ts';
import { GreenroomError } from '../errors/greenroom-error.ts';
import { GreenroomTimeoutError } from '../errors/greenroom-timeout-error.ts';
import { backoffMs } from './backoff.ts';

/** A server that asks for more patience than this gets the caller to decide instead. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** How long to wait, in milliseconds, before a request that failed like this is sent again; null is not at all. */
export function waitBeforeRetryMs(error: unknown, retry: number, random?: () => number): number | null {
  if (!isTransient(error)) return null;
  const askedMs = error.retryAfterMs ?? 0;
  // On top of what was asked, not instead: never too early, and spread out after it.
  return askedMs > LONGEST_RETRY_AFTER_MS ? null : askedMs + backoffMs(retry, random);
}

function isTransient(error: unknown): error is GreenroomError {
  if (!(error instanceof GreenroomError)) return false;
  if (error instanceof GreenroomConnectionError || error instanceof GreenroomTimeoutError) return true;
  switch (error.status) {
    case 408:
      // The request never arrived whole, so nothing was done for it.
      return true;
    case 429:
      // A quota does not come back by asking again: a session has to end, or the plan to change.
      return error.type !== 'quota_exceeded';
    case 409:
      return error.code === 'idempotency_key.in_use' && error.retryAfterMs !== undefined;
    case 502:
    case 504:
      // A gateway's word for a network error of its own.
      return true;
    default:
      return error.status === 503;
  }
}
