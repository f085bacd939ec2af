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

/** Returns a table row with the percentiles of durations in milliseconds. */
export function durationRow(name: string, values: readonly number[]): string {
  const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(1));
  return `${name.padEnd(26)} p50 ${p50} ms   p99 ${p99} ms   longest ${longest} ms   (${values.length})`;
}
