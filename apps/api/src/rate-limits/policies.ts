import type { Identity } from '../contract/identity.ts';
import type { RateLimitConfig } from '../common/config.ts';

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

/**
 * The policies of a caller: of a key its organisation's own rates where it has them, else the server's; of
 * callers with no usable key, one by address.
 */
export function policiesOf(identity: Identity, config: RateLimitConfig) {
  if (identity.kind === 'anonymous') {
    const requests = policy('requests', config.anonymousRequestsPerSecond);
    return { requests, creates: requests };
  }
  const own = identity.kind === 'customer' ? identity : null;
  return {
    requests: policy('requests', own?.requestsPerSecond ?? config.requestsPerSecond),
    creates: policy('creates', own?.createsPerSecond ?? config.createsPerSecond),
  };
}
