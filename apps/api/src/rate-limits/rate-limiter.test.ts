import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { RateLimiter, type Consumption, type RateLimitPolicy } from './rate-limiter.ts';

const key = (id: string) => ({ kind: 'key' as const, id });

const POLICY: RateLimitPolicy = { name: 'requests', ratePerSecond: 10, burst: 50 };
let shared: Consumption[];
let limiter: RateLimiter;

beforeEach(() => {
  jest.useFakeTimers();
  shared = [];
  limiter = new RateLimiter((consumption) => shared.push(consumption));
});
afterEach(() => {
  jest.useRealTimers();
});

function allowed(calls: number, caller = 'a', policy = POLICY): number {
  return Array.from({ length: calls }, () => limiter.take(key(caller), policy)).filter(
    (state) => state.allowed,
  ).length;
}

test('a new caller may send a burst', () => {
  expect(allowed(60)).toBe(50);
});

test('a bucket refills at the policy’s rate, up to a burst', () => {
  allowed(50);
  jest.advanceTimersByTime(1000);
  expect(allowed(60)).toBe(10);
  jest.advanceTimersByTime(3_600_000);
  expect(allowed(60)).toBe(50);
});

test('a rejected caller learns when another request is allowed', () => {
  allowed(50);
  const { allowed: isAllowed, remaining, resetSeconds } = limiter.take(key('a'), POLICY);
  expect({ isAllowed, remaining, resetSeconds }).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 1 });
  const slow: RateLimitPolicy = { name: 'creates', ratePerSecond: 0.2, burst: 1 };
  allowed(1, 'a', slow);
  expect(limiter.take(key('a'), slow).resetSeconds).toBe(5);
});

test('a rejected request costs nothing', () => {
  allowed(500);
  jest.advanceTimersByTime(100);
  expect(allowed(5)).toBe(1);
});

test('callers and policies have separate buckets', () => {
  allowed(50);
  expect(allowed(1, 'b')).toBe(1);
  expect(allowed(1, 'a', { ...POLICY, name: 'creates' })).toBe(1);
});

test('keys keep their buckets regardless of the number of addresses', () => {
  allowed(50);
  const addressOf = (number: number) => ({ kind: 'address' as const, id: String(number) });
  for (let number = 0; number <= 50_000; number += 1) limiter.take(addressOf(number), POLICY);
  expect(allowed(1)).toBe(0);
  // The address that was idle for longest was evicted.
  expect(limiter.take(addressOf(0), POLICY).remaining).toBe(POLICY.burst - 1);
  expect(limiter.take(addressOf(50_000), POLICY).remaining).toBe(POLICY.burst - 2);
});

test('peek takes nothing', () => {
  for (let count = 0; count < 100; count += 1) expect(limiter.peek(key('a'), POLICY).remaining).toBe(50);
});

describe('several processes', () => {
  let other: RateLimiter;
  /** Whether the processes reach each other. */
  let isConnected: boolean;

  beforeEach(() => {
    isConnected = true;
    other = new RateLimiter((consumption) => {
      if (isConnected) limiter.charge(consumption);
    });
    limiter = new RateLimiter((consumption) => {
      if (isConnected) other.charge(consumption);
    });
  });

  const take = (process: RateLimiter) => process.take(key('a'), POLICY).allowed;

  test('allow a caller of one of them its whole limit', () => {
    expect(allowed(60)).toBe(50);
    jest.advanceTimersByTime(1000);
    expect(allowed(60)).toBe(10);
  });

  test('allow a caller of both of them its limit together', () => {
    let taken = 0;
    for (let count = 0; count < 60; count += 1) {
      if (take(limiter)) taken += 1;
      if (take(other)) taken += 1;
    }
    expect(taken).toBe(50);
    jest.advanceTimersByTime(1000);
    expect([take(other), allowed(60)]).toEqual([true, 9]);
  });

  test('charge a caller for the excess that they allowed before they knew of each other', () => {
    isConnected = false;
    let taken = 0;
    while (take(limiter)) taken += 1;
    while (take(other)) taken += 1;
    expect(taken).toBe(100);
    other.charge({ caller: key('a'), policy: POLICY, requests: 50 });
    expect(other.peek(key('a'), POLICY)).toMatchObject({ remaining: 0, resetSeconds: 10 });
    jest.advanceTimersByTime(5000);
    expect(take(other)).toBe(false);
  });
});

test('requests are shared when they are a fiftieth of a burst', () => {
  const large: RateLimitPolicy = { name: 'requests', ratePerSecond: 100, burst: 500 };
  allowed(9, 'a', large);
  expect(shared).toEqual([]);
  allowed(11, 'a', large);
  expect(shared).toEqual([
    { caller: key('a'), policy: large, requests: 10 },
    { caller: key('a'), policy: large, requests: 10 },
  ]);
});

test('requests that the caller has earned back are not shared', () => {
  const large: RateLimitPolicy = { name: 'requests', ratePerSecond: 100, burst: 500 };
  for (let count = 0; count < 20; count += 1) {
    allowed(1, 'a', large);
    jest.advanceTimersByTime(1000);
  }
  expect(shared).toEqual([]);
});

test('a refund never exceeds the amount taken from a small bucket', () => {
  const small: RateLimitPolicy = { name: 'requests', ratePerSecond: 1, burst: 5 };
  for (let count = 0; count < 4; count += 1) {
    limiter.take(key('a'), small, 20);
    limiter.refund(key('a'), small, 20, { kept: 1 });
    expect(limiter.peek(key('a'), small).remaining).toBe(4);
    jest.advanceTimersByTime(1000);
  }
});

test('a rejected or refunded request is not shared', () => {
  const large: RateLimitPolicy = { name: 'requests', ratePerSecond: 100, burst: 500 };
  for (let count = 0; count < 100; count += 1) {
    allowed(1, 'a', large);
    limiter.refund(key('a'), large, 1);
  }
  expect(shared).toEqual([]);
});
