import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

import type { RateLimitPolicy } from './policies.ts';

/** Callers remembered; who is forgotten starts with a full bucket, so this bounds memory and little else. */
const CAPACITY = 50_000;

export interface RateLimitState {
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
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: CAPACITY });
  readonly #processes: () => number;

  constructor(processes: () => number) {
    this.#processes = processes;
  }

  /** Takes one request from the bucket, if it holds one. */
  take(caller: string, policy: RateLimitPolicy): RateLimitState {
    const bucket = this.#bucket(caller, policy);
    const allowed = bucket.tryRemoveTokens(1);
    return this.#state(bucket, policy, allowed);
  }

  /** What is left, taking nothing. */
  peek(caller: string, policy: RateLimitPolicy): RateLimitState {
    const bucket = this.#bucket(caller, policy);
    bucket.drip();
    return this.#state(bucket, policy, true);
  }

  #state(bucket: TokenBucket, policy: RateLimitPolicy, allowed: boolean): RateLimitState {
    const remaining = Math.max(0, Math.floor(bucket.content));
    const missing = allowed ? bucket.bucketSize - bucket.content : 1 - bucket.content;
    const resetSeconds = Math.max(allowed ? 0 : 1, Math.ceil(missing / bucket.tokensPerInterval));
    return { policy, allowed, remaining, resetSeconds };
  }

  #bucket(caller: string, policy: RateLimitPolicy): TokenBucket {
    const key = `${policy.name} ${caller}`;
    const share = Math.max(1, this.#processes());
    const bucketSize = Math.max(1, policy.burst / share);
    const tokensPerInterval = policy.ratePerSecond / share;
    const known = this.#buckets.get(key);
    if (known === undefined) {
      const bucket = new TokenBucket({ bucketSize, tokensPerInterval, interval: 'second' });
      bucket.content = bucketSize;
      this.#buckets.set(key, bucket);
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
