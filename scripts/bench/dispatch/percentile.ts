/** The value that so much of all are at most, `part` from 0 to 1 (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The line of a table for these durations, in milliseconds. */
export function durations(name: string, values: readonly number[]): string {
  const [p50, p99, longest] = [0.5, 0.99, 1].map((part) => percentile(values, part).toFixed(1));
  return `${name.padEnd(26)} p50 ${p50} ms   p99 ${p99} ms   longest ${longest} ms   (${values.length})`;
}
