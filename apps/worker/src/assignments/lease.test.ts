import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { Lease, LeaseExpiredError } from './lease.ts';

test('a lease that is renewed by a late response ends as if the response had arrived at once', async () => {
  const lease = new Lease(60);
  lease.renew(1, performance.now() - 900);
  await delay(500);
  expect(lease.signal.reason).toBeInstanceOf(LeaseExpiredError);
});

test('a response that arrives after the lease it grants ends the lease', async () => {
  const lease = new Lease(60);
  lease.renew(1, performance.now() - 2_000);
  await delay(100);
  expect(lease.signal.aborted).toBe(true);
  expect(() => lease.renew(60)).toThrow(LeaseExpiredError);
});
