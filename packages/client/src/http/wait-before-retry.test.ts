import { expect, test } from '@jest/globals';

import { GreenroomConnectionError, GreenroomError } from '../errors/greenroom-errors.ts';
import { waitBeforeRetryMs } from './wait-before-retry.ts';

const lost = new GreenroomConnectionError('lost');
const busy = (retryAfterMs: number) =>
  new GreenroomError({
    type: 'service_unavailable',
    code: 'at_capacity',
    message: '',
    status: 503,
    retryAfterMs,
  });

test('waits double with each retry, up to eight seconds, and vary by half', () => {
  const shortest = [0, 1, 2, 9].map((retry) => waitBeforeRetryMs(lost, retry, () => 0));
  const longest = [0, 1, 2, 9].map((retry) => waitBeforeRetryMs(lost, retry, () => 1));
  expect(shortest).toEqual([250, 500, 1000, 4000]);
  expect(longest).toEqual([500, 1000, 2000, 8000]);
});

test('Retry-After is a minimum, up to a minute', () => {
  expect(waitBeforeRetryMs(busy(60_000), 0, () => 0)).toBe(60_250);
  expect(waitBeforeRetryMs(busy(60_001), 0, () => 0)).toBeNull();
});

test('an error of another package is not retried', () => {
  expect(waitBeforeRetryMs(new TypeError('invalid argument'), 0)).toBeNull();
});
