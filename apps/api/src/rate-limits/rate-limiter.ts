import { LRUCache } from 'lru-cache';

import type { RateLimitPolicy } from './policies.ts';

/** Callers of each kind in memory. An evicted one starts again with a full bucket. */
const CAPACITY = 50_000;

/** A key, or an address without a usable one. */
export interface Caller {
  kind: 'key' | 'address';
  id: string;
}

export interface RateLimitState {
  /** The policy that this process grants: its share, if several processes serve. */
  policy: RateLimitPolicy;
  allowed: boolean;
  /** Whole requests left now. */
  remaining: number;
  /** Seconds until another request is allowed (when rejected) or the bucket is full. */
  resetSeconds: number;
}

interface TokenBucket {
  tokens: number;
  /** Milliseconds on the monotonic clock. */
  refilledAtMs: number;
}

/**
 * Token buckets in memory, one for each caller and policy.
 *
 * Each of several API processes grants its share of every policy. Together they keep the limit, to within one share
 * while a process joins or leaves, without a write for each request.
 */
export class RateLimiter {
  /** Separate caches, so that addresses cannot evict keys. */
  readonly #buckets = {
    key: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
    address: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
  };
  readonly #processes: () => number;

  constructor(processes: () => number) {
    this.#processes = processes;
  }

  /** Takes `cost` requests, or as many as a smaller bucket can hold, if they are left. */
  take(caller: Caller, policy: RateLimitPolicy, cost = 1): RateLimitState {
    const share = this.#shareOf(policy);
    const bucket = this.#refill(caller, share);
    const tokens = Math.min(cost, Math.floor(share.burst));
    const allowed = bucket.tokens >= tokens;
    if (allowed) bucket.tokens -= tokens;
    return stateOf(bucket, share, allowed);
  }

  /** Returns requests that were taken. */
  refund(caller: Caller, policy: RateLimitPolicy, requests: number): void {
    const share = this.#shareOf(policy);
    const bucket = this.#refill(caller, share);
    bucket.tokens = Math.min(share.burst, bucket.tokens + requests);
  }

  /** Returns the state without taking a request. */
  peek(caller: Caller, policy: RateLimitPolicy): RateLimitState {
    const share = this.#shareOf(policy);
    return stateOf(this.#refill(caller, share), share, true);
  }

  #shareOf({ name, ratePerSecond, burst }: RateLimitPolicy): RateLimitPolicy {
    const processes = Math.max(1, this.#processes());
    return { name, ratePerSecond: ratePerSecond / processes, burst: Math.max(1, burst / processes) };
  }

  #refill({ kind, id }: Caller, { name, ratePerSecond, burst }: RateLimitPolicy): TokenBucket {
    const key = `${name} ${id}`;
    const nowMs = performance.now();
    const bucket = this.#buckets[kind].get(key);
    if (bucket === undefined) {
      const full = { tokens: burst, refilledAtMs: nowMs };
      this.#buckets[kind].set(key, full);
      return full;
    }
    const earned = ((nowMs - bucket.refilledAtMs) / 1000) * ratePerSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + earned);
    bucket.refilledAtMs = nowMs;
    return bucket;
  }
}

function stateOf({ tokens }: TokenBucket, share: RateLimitPolicy, allowed: boolean): RateLimitState {
  const missing = (allowed ? share.burst : 1) - tokens;
  return {
    policy: {
      name: share.name,
      ratePerSecond: Math.round(share.ratePerSecond * 10) / 10,
      burst: Math.floor(share.burst),
    },
    allowed,
    remaining: Math.floor(tokens),
    resetSeconds: Math.max(allowed ? 0 : 1, Math.ceil(missing / share.ratePerSecond)),
  };
}
