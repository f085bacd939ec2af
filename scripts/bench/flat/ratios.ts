import { median, spreadOf, type Spread } from '../statistics.ts';

/** The durations of an operation in a round, at the small and at the large database. */
export interface RoundDurations {
  small: number[];
  large: number[];
}

/** The comparison of an operation. */
export interface FlatRatio extends Spread {
  smallMs: number;
  largeMs: number;
}

/** Compares the medians of each round. */
export function flatRatio(rounds: readonly RoundDurations[]): FlatRatio {
  return {
    smallMs: median(rounds.map(({ small }) => median(small))),
    largeMs: median(rounds.map(({ large }) => median(large))),
    ...spreadOf(rounds.map(({ small, large }) => median(large) / median(small))),
  };
}

/** Returns a table of the ratios, with whether each is at most the aim. */
export function flatTable(ratios: ReadonlyMap<string, FlatRatio>, aim: number): string[] {
  return [
    'operation        small p50 ms  large p50 ms   ratio',
    ...Array.from(ratios, ([name, { smallMs, largeMs, median, min, max }]) =>
      [
        name.padEnd(17) + smallMs.toFixed(2).padStart(12) + largeMs.toFixed(2).padStart(14),
        median.toFixed(2).padStart(8),
        `  (rounds: ${min.toFixed(2)} to ${max.toFixed(2)})`,
        `  aim: ${aim.toFixed(2)} or less, ${median <= aim ? 'met' : 'not met'}`,
      ].join(''),
    ),
  ];
}
