import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import type { RateLimitPolicy } from './policies.ts';
import { RateLimiter } from './rate-limiter.ts';

const key = (id: string) => ({ kind: 'key' as const, id });

const POLICY: RateLimitPolicy = { name: 'requests', ratePerSecond: 10, burst: 50 };
let processes: number;
let limiter: RateLimiter;

beforeEach(() => {
  jest.useFakeTimers();
  processes = 1;
  limiter = new RateLimiter(() => processes);
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

test('keys keep their buckets, whatever the number of addresses', () => {
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

test('each of several processes grants its share', () => {
  processes = 2;
  expect(allowed(60)).toBe(25);
  jest.advanceTimersByTime(1000);
  expect(allowed(60)).toBe(5);
});

test('when a process joins, a bucket keeps its tokens up to the new share', () => {
  allowed(10);
  processes = 2;
  expect(limiter.peek(key('a'), POLICY).remaining).toBe(25);
  processes = 1;
  expect(limiter.peek(key('a'), POLICY).remaining).toBe(25);
  jest.advanceTimersByTime(10_000);
  expect(limiter.peek(key('a'), POLICY).remaining).toBe(50);
});

test('each of any number of processes grants something', () => {
  processes = 1000;
  expect(allowed(5)).toBe(1);
});
