import type { OperationId, operationTable } from '@greenroom/contract';

import type { RateLimitConfig } from '../common/config.ts';
import type { Identity } from '../contract/identity.ts';

/** The name of a policy that an operation takes from (`x-rate-limits` in the document). */
export type PolicyName = (typeof operationTable)[OperationId]['rateLimits'][number];

/** A named policy: a sustained rate, and a burst of five seconds of it. */
export interface RateLimitPolicy {
  readonly name: PolicyName;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** The window of the RateLimit-Policy header, and the length of a burst. */
export const BURST_SECONDS = 5;

/** The part of the requests that may be tests of webhook endpoints: each is sent to the address of a customer. */
const TESTS_PART = 1 / 20;

function policy(name: PolicyName, ratePerSecond: number): RateLimitPolicy {
  return { name, ratePerSecond, burst: ratePerSecond * BURST_SECONDS };
}

/**
 * Returns the policies of a caller. An API key has the rates of its organisation, or else of the server. A worker key
 * and a caller without a usable key, which is an address, have one policy.
 */
export function policiesOf(identity: Identity, config: RateLimitConfig) {
  if (identity.kind === 'customer') {
    const requestsPerSecond = identity.requestsPerSecond ?? config.requestsPerSecond;
    return {
      requests: policy('requests', requestsPerSecond),
      creates: policy('creates', identity.createsPerSecond ?? config.createsPerSecond),
      tests: policy('tests', Math.max(1, Math.floor(requestsPerSecond * TESTS_PART))),
    };
  }
  const rate =
    identity.kind === 'worker' ? config.workerRequestsPerSecond : config.anonymousRequestsPerSecond;
  const requests = policy('requests', rate);
  return { requests, creates: requests, tests: requests };
}
