import { expect, test } from '@jest/globals';

import { durationsOf, median, percentile, spreadOf } from './statistics.ts';

test('a percentile is the value of the nearest rank', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 1, 3, 5, 5]);
});

test('a percentile of no values is an error', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError);
  expect(() => median([])).toThrow(RangeError);
});

test('the median of an even number of values is the mean of the two middle ones', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
});

test('a spread has the median and the range', () => {
  expect(spreadOf([0.5, 2, 1])).toEqual({ median: 1, min: 0.5, max: 2 });
});

test('durations have the median, the 99th percentile and the longest', () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(durationsOf(values)).toEqual({ p50Ms: 100, p99Ms: 198, longestMs: 200, count: 200 });
});
