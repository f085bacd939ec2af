import { expect, test } from '@jest/globals';

import { heapGrowth, memoryTable } from './growth.ts';

const samples = (...heaps: number[]) =>
  heaps.map((heapUsed, index) => ({ requests: index * 100_000, heapUsed, rss: 2 ** 27 }));

test('a heap that grows only at the start is flat', () => {
  expect(heapGrowth(samples(20, 30, 40, 50, 50, 50, 50, 50, 50, 50))).toBe(1);
});

test('a heap that grows all the time is not flat', () => {
  expect(heapGrowth(samples(10, 20, 30, 40, 50, 60, 70, 80, 90, 100))).toBeGreaterThan(1.5);
});

test('the growth needs samples after the warm-up', () => {
  expect(heapGrowth(samples(1, 1, 2, 3))).toBe(1.5);
  expect(() => heapGrowth(samples(1, 2))).toThrow(RangeError);
});

test('the table has a line for each sample', () => {
  expect(memoryTable(samples(2 ** 20, 2 ** 21))).toEqual([
    '  requests    heap MiB    RSS MiB',
    '         0         1.0      128.0',
    '   100,000         2.0      128.0',
  ]);
});
