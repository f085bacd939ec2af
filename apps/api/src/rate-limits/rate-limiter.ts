import type { OperationId, operationTable } from '@greenroom/contract';
import { LRUCache } from 'lru-cache';

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

/** Callers of each kind in memory. An evicted one starts again with a full bucket. */
const CAPACITY = 50_000;
/** The part of a burst that a process allows before it notifies the other processes. */
const UNSHARED_PART = 0.02;

/** A key, or an address without a usable one. */
export interface Caller {
  kind: 'key' | 'address';
  id: string;
}

/** Requests that a process allowed. */
export interface Consumption {
  caller: Caller;
  policy: RateLimitPolicy;
  requests: number;
}

export interface RateLimitState {
  policy: RateLimitPolicy;
  allowed: boolean;
  /** Whole requests left now. */
  remaining: number;
  /** Seconds until another request is allowed (when rejected) or the bucket is full. */
  resetSeconds: number;
}

interface TokenBucket {
  /** Negative when several processes together allowed more than a burst. */
  tokens: number;
  /** Milliseconds on the monotonic clock. */
  refilledAtMs: number;
  /** The requests that this process allowed and has not shared. */
  unshared: number;
}

/**
 * Token buckets in memory, one for each caller and policy.
 *
 * Each of several API processes has a whole bucket, and takes from it the requests that the others allowed. So a caller
 * has its whole limit on any of them, and on all of them together at most a small part of a burst more, which it owes.
 */
export class RateLimiter {
  /** Separate caches, so that addresses cannot evict keys. */
  readonly #buckets = {
    key: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
    address: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
  };
  readonly #share: (consumption: Consumption) => void;

  /** @param share notifies the other processes of requests */
  constructor(share: (consumption: Consumption) => void) {
    this.#share = share;
  }

  /** Takes `cost` requests, or as many as a smaller bucket can hold, if they are left. */
  take(caller: Caller, policy: RateLimitPolicy, cost = 1): RateLimitState {
    const bucket = this.#refill(caller, policy);
    const tokens = paymentFor(cost, policy);
    const allowed = bucket.tokens >= tokens;
    if (allowed) {
      bucket.tokens -= tokens;
      bucket.unshared += tokens;
      if (bucket.unshared >= policy.burst * UNSHARED_PART) {
        this.#share({ caller, policy, requests: bucket.unshared });
        bucket.unshared = 0;
      }
    }
    return stateOf(bucket, policy, allowed);
  }

  /** Returns what `take` took for a cost, except for `kept` requests. */
  refund(caller: Caller, policy: RateLimitPolicy, cost: number, { kept = 0 } = {}): void {
    const requests = Math.max(0, paymentFor(cost, policy) - kept);
    const bucket = this.#refill(caller, policy);
    bucket.tokens = Math.min(policy.burst, bucket.tokens + requests);
    bucket.unshared -= requests;
  }

  /** Takes requests that another process allowed. */
  charge({ caller, policy, requests }: Consumption): void {
    this.#refill(caller, policy).tokens -= requests;
  }

  /** Returns the state without taking a request. */
  peek(caller: Caller, policy: RateLimitPolicy): RateLimitState {
    return stateOf(this.#refill(caller, policy), policy, true);
  }

  #refill({ kind, id }: Caller, { name, ratePerSecond, burst }: RateLimitPolicy): TokenBucket {
    const key = `${name} ${id}`;
    const nowMs = performance.now();
    const bucket = this.#buckets[kind].get(key);
    if (bucket === undefined) {
      const full = { tokens: burst, refilledAtMs: nowMs, unshared: 0 };
      this.#buckets[kind].set(key, full);
      return full;
    }
    const earned = ((nowMs - bucket.refilledAtMs) / 1000) * ratePerSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + earned);
    bucket.refilledAtMs = nowMs;
    // The caller has earned back the unshared requests.
    if (bucket.tokens === burst) bucket.unshared = 0;
    return bucket;
  }
}

/** Limits a cost to the size of the bucket. */
function paymentFor(cost: number, { burst }: RateLimitPolicy): number {
  return Math.min(cost, burst);
}

function stateOf({ tokens }: TokenBucket, policy: RateLimitPolicy, allowed: boolean): RateLimitState {
  const missing = (allowed ? policy.burst : 1) - tokens;
  return {
    policy,
    allowed,
    remaining: Math.max(0, Math.floor(tokens)),
    resetSeconds: Math.max(allowed ? 0 : 1, Math.ceil(missing / policy.ratePerSecond)),
  };
}
