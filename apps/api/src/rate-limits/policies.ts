import type { CustomerIdentity } from '../authentication/identity.ts';
import type { RateLimitConfig } from '../config.ts';

/** A named policy: `ratePerSecond` sustained, five seconds' worth at once. */
export interface RateLimitPolicy {
  readonly name: 'requests' | 'creates';
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** A burst is what five seconds allow: the window that the RateLimit-Policy header announces. */
export const BURST_SECONDS = 5;

function policy(name: RateLimitPolicy['name'], ratePerSecond: number): RateLimitPolicy {
  return { name, ratePerSecond, burst: ratePerSecond * BURST_SECONDS };
}

/** The policies of a customer's key: its organisation's own rates where it has them, else the server's. */
export function customerPolicies(identity: CustomerIdentity, config: RateLimitConfig) {
  return {
    requests: policy('requests', identity.requestsPerSecond ?? config.requestsPerSecond),
    creates: policy('creates', identity.createsPerSecond ?? config.createsPerSecond),
  };
}

/** The policy of callers with no usable key, by address. */
export function anonymousPolicies(config: RateLimitConfig) {
  const requests = policy('requests', config.anonymousRequestsPerSecond);
  return { requests, creates: requests };
}
