/**
 * Returns the percentile of the values by nearest rank. `share` is from 0 to 1.
 *
 * @throws {RangeError} when there are no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('A percentile needs at least one value.');
  return value;
}

/**
 * Returns the median: for an even number of values, the mean of the two middle ones.
 *
 * @throws {RangeError} when there are no values
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (percentile(sorted, 0.5) + (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)) / 2;
}

/** A median, and the range that shows how reliable it is. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @throws {RangeError} when there are no values */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** The usual figures of durations in milliseconds. */
export interface Durations {
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  count: number;
}

/** @throws {RangeError} when there are no values */
export function durationsOf(valuesMs: readonly number[]): Durations {
  return {
    p50Ms: percentile(valuesMs, 0.5),
    p99Ms: percentile(valuesMs, 0.99),
    longestMs: percentile(valuesMs, 1),
    count: valuesMs.length,
  };
}
