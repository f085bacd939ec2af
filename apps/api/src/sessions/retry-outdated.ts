import { isLockConflict, violatesUniqueIndex } from '@greenroom/database';

import { ApiError } from '../errors/api-error.ts';
import { LIVE_SLOT_INDEX } from './create-repository.ts';

const MAX_ATTEMPTS = 20;

/** Rolls back a transaction that was decided on outdated reads. */
export class OutdatedError extends Error {}

/**
 * Retries work, at most `MAX_ATTEMPTS` times, when another transaction made its reads outdated, took the participant slot
 * or deadlocked with it.
 *
 * @throws {ApiError} 503 when that happens at each attempt
 */
export async function retryOutdated<T>(work: () => Promise<T>): Promise<T> {
  let cause: unknown;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isOutdated =
        error instanceof OutdatedError ||
        isLockConflict(error) ||
        violatesUniqueIndex(error, LIVE_SLOT_INDEX);
      if (!isOutdated) throw error;
      cause = error;
    }
  }
  throw new ApiError('at_capacity', {
    situation: 'caller',
    values: { seconds: 1 },
    cause,
  });
}
