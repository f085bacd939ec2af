import type { Turn } from './load.ts';

/** Returns the report: one line per contender, and one per comparison of `ours` with another contender. */
export function reportOf(turns: ReadonlyMap<string, readonly Turn[]>): string {
  const { ours = [], ...others } = Object.fromEntries(turns);
  return [
    'server     requests/s    p50 ms    p99 ms',
    ...Array.from(turns, ([name, each]) => medians(name, each)),
    '',
    ...Object.entries(others).map(([name, each]) => `ours / ${name.padEnd(8)} ${ratios(ours, each)}`),
  ].join('\n');
}

function medians(name: string, turns: readonly Turn[]): string {
  const figures = [
    median(turns.map((turn) => turn.requestsPerSecond)).toFixed(0),
    median(turns.map((turn) => turn.p50Ms)).toFixed(1),
    median(turns.map((turn) => turn.p99Ms)).toFixed(1),
  ];
  return name.padEnd(11) + figures.map((figure) => figure.padStart(10)).join('');
}

/** Compares turns of the same round, which other load affects alike. The range shows how reliable the median is. */
function ratios(ours: readonly Turn[], others: readonly Turn[]): string {
  const each = ours.map(
    (turn, round) => turn.requestsPerSecond / (others[round]?.requestsPerSecond ?? Number.NaN),
  );
  const range = [Math.min(...each), Math.max(...each)].map((ratio) => ratio.toFixed(2));
  return `${median(each).toFixed(2)}  (rounds: ${range.join(' to ')})`;
}

/** Returns the median: for an even number of values, the mean of the two middle ones. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
