import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

import type { RateLimitPolicy } from './policies.ts';

/** Callers remembered of each kind; one that is forgotten starts with a full bucket. */
const CAPACITY = 50_000;

/** A key, or an address without a usable one. */
export interface Caller {
  kind: 'key' | 'address';
  id: string;
}

export interface RateLimitState {
  /** What this process grants: its share, where several processes serve. */
  policy: RateLimitPolicy;
  allowed: boolean;
  /** Whole requests left at this moment. */
  remaining: number;
  /** Seconds until one more request is allowed (when refused) or the bucket is full again. */
  resetSeconds: number;
}

/**
 * Token buckets in memory, one for each caller and policy.
 *
 * With several API processes each grants its share of every policy, so that together they keep the limit to
 * within one process's share while a process joins or leaves, without a write for each request.
 */
export class RateLimiter {
  /** Apart from each other, so that addresses cannot evict keys. */
  readonly #buckets = {
    key: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
    address: new LRUCache<string, TokenBucket>({ max: CAPACITY }),
  };
  readonly #processes: () => number;

  constructor(processes: () => number) {
    this.#processes = processes;
  }

  /** Takes `cost` requests from the bucket, or all that a small one can hold, if they are there. */
  take(caller: Caller, policy: RateLimitPolicy, cost = 1): RateLimitState {
    const bucket = this.#bucket(caller, policy);
    const allowed = bucket.tryRemoveTokens(Math.min(cost, Math.floor(bucket.bucketSize)));
    return this.#state(bucket, policy, allowed);
  }

  /** Puts back a part of what was taken. */
  refund(caller: Caller, policy: RateLimitPolicy, requests: number): void {
    const bucket = this.#bucket(caller, policy);
    bucket.drip();
    bucket.content = Math.min(bucket.bucketSize, bucket.content + requests);
  }

  /** What is left, taking nothing. */
  peek(caller: Caller, policy: RateLimitPolicy): RateLimitState {
    const bucket = this.#bucket(caller, policy);
    bucket.drip();
    return this.#state(bucket, policy, true);
  }

  #state(bucket: TokenBucket, policy: RateLimitPolicy, allowed: boolean): RateLimitState {
    const remaining = Math.max(0, Math.floor(bucket.content));
    const missing = allowed ? bucket.bucketSize - bucket.content : 1 - bucket.content;
    const resetSeconds = Math.max(allowed ? 0 : 1, Math.ceil(missing / bucket.tokensPerInterval));
    const granted = {
      ...policy,
      ratePerSecond: Math.round(bucket.tokensPerInterval * 10) / 10,
      burst: Math.floor(bucket.bucketSize),
    };
    return { policy: granted, allowed, remaining, resetSeconds };
  }

  #bucket(caller: Caller, policy: RateLimitPolicy): TokenBucket {
    const key = `${policy.name} ${caller.id}`;
    const share = Math.max(1, this.#processes());
    const bucketSize = Math.max(1, policy.burst / share);
    const tokensPerInterval = policy.ratePerSecond / share;
    const buckets = this.#buckets[caller.kind];
    const known = buckets.get(key);
    if (known === undefined) {
      const bucket = new TokenBucket({ bucketSize, tokensPerInterval, interval: 'second' });
      bucket.content = bucketSize;
      buckets.set(key, bucket);
      return bucket;
    }
    if (known.bucketSize !== bucketSize || known.tokensPerInterval !== tokensPerInterval) {
      // The share or the policy changed: what was earned so far stays, up to the new size.
      known.drip();
      known.bucketSize = bucketSize;
      known.tokensPerInterval = tokensPerInterval;
      known.content = Math.min(known.content, bucketSize);
    }
    return known;
  }
}
