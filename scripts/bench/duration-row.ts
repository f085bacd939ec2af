import type { Durations } from './statistics.ts';

/** Returns a table row with durations in milliseconds. */
export function durationRow(name: string, { p50Ms, p99Ms, longestMs, count }: Durations): string {
  const [p50, p99, longest] = [p50Ms, p99Ms, longestMs].map((ms) => ms.toFixed(1));
  return `${name.padEnd(36)} p50 ${p50} ms   p99 ${p99} ms   longest ${longest} ms   (${count})`;
}
