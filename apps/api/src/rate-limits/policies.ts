import type { RateLimitConfig } from '../common/config.ts';
import type { Identity } from '../contract/identity.ts';

/** A named policy: a sustained rate, and a burst of five seconds of it. */
export interface RateLimitPolicy {
  readonly name: 'requests' | 'creates';
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** The window of the RateLimit-Policy header, and the length of a burst. */
export const BURST_SECONDS = 5;

function policy(name: RateLimitPolicy['name'], ratePerSecond: number): RateLimitPolicy {
  return { name, ratePerSecond, burst: ratePerSecond * BURST_SECONDS };
}

/**
 * Returns the policies of a caller. A key has the rates of its organisation, or else of the server. A caller without a
 * usable key has one policy, by address.
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
