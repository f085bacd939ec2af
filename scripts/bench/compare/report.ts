import { median, spreadOf, type Spread } from '../statistics.ts';
import type { Turn } from './load.ts';

/** The smallest ratios of our throughput to another server's that we aim for. */
export interface Aims {
  floor: number;
  peer?: number;
}

/** The turns of each server by name, and the aims. */
export interface Comparison {
  title: string;
  aims: Aims;
  turns: ReadonlyMap<string, readonly Turn[]>;
}

/** The ratio of our throughput to another server's. */
export interface Ratio extends Spread {
  to: string;
  /** Undefined without an aim. */
  aim: number | undefined;
  rounds: readonly number[];
}

/**
 * Returns our ratios to each other server. Each compares turns of the same round, which other load on the machine
 * affects alike.
 */
export function ratiosOf({ aims, turns }: Comparison): Ratio[] {
  const ours = turns.get('ours') ?? [];
  const others = [...turns].filter(([name]) => name !== 'ours');
  return others.map(([to, each]) => {
    const rounds = ours.map(
      ({ requestsPerSecond }, round) => requestsPerSecond / (each[round]?.requestsPerSecond ?? Number.NaN),
    );
    return { to, aim: isAimedFor(to) ? aims[to] : undefined, rounds, ...spreadOf(rounds) };
  });
}

function isAimedFor(name: string): name is keyof Aims {
  return name === 'floor' || name === 'peer';
}

/** Returns the report: one line per server, and one per comparison of `ours` with another. */
export function reportOf(comparison: Comparison): string[] {
  return [
    comparison.title,
    '',
    'server     requests/s    p50 ms    p99 ms',
    ...Array.from(comparison.turns, ([name, turns]) => medians(name, turns)),
    '',
    ...ratiosOf(comparison).map(ratioLine),
  ];
}

function medians(name: string, turns: readonly Turn[]): string {
  const figures = [
    median(turns.map((turn) => turn.requestsPerSecond)).toFixed(0),
    median(turns.map((turn) => turn.p50Ms)).toFixed(1),
    median(turns.map((turn) => turn.p99Ms)).toFixed(1),
  ];
  return name.padEnd(11) + figures.map((figure) => figure.padStart(10)).join('');
}

function ratioLine({ to, aim, median, min, max }: Ratio): string {
  const range = `rounds: ${min.toFixed(2)} to ${max.toFixed(2)}`;
  return `ours / ${to.padEnd(8)} ${median.toFixed(2)}  (${range})${aim === undefined ? '' : aimText(aim, median)}`;
}

function aimText(aim: number, ratio: number): string {
  return `  aim: ${aim.toFixed(2)} or more, ${ratio >= aim ? 'met' : 'not met'}`;
}
