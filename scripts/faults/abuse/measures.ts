/** One response to the victim, or none. */
export interface VictimSample {
  operation: 'create' | 'get' | 'list' | 'end';
  durationMs: number;
  /** Null where the status is the expected one. */
  failure: string | null;
}

/** What the victim saw in one phase. */
export interface PhaseMeasures {
  requests: number;
  errors: number;
  /** The first of them. */
  firstError: string | null;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  /** Transactions that the database finished per second, of all clients. */
  transactionsPerSecond: number;
  /** Of the busiest API process, in cores. */
  apiCores: number;
  /** Of every process of the machine, in cores: measures of a machine that is busy with other work say little. */
  machineCores: number;
}

/** What the abuser sent and was told. */
export interface AbuserReport {
  /** Responses by status and error code. */
  responses: Record<string, number>;
  /** Requests whose connection was closed without a response. */
  unanswered: number;
  /** Responses that are neither a success nor a refusal of the contract. */
  wrong: number;
  /** The first of them. */
  firstWrong: string | null;
  /** Of the abuser's process, in cores. */
  cores: number;
}

export interface AbuseMeasures {
  before: PhaseMeasures;
  during: PhaseMeasures;
  after: PhaseMeasures;
  abuser: AbuserReport;
  /** API processes that ended. */
  exited: number;
}

/** The victim's p99 may grow so many times. */
export const MAX_RATIO = 3;

/**
 * Returns the smallest of the values that is at least as large as this share of them (nearest rank).
 *
 * @throws {RangeError} when there are no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There are no values to take a percentile of.');
  return value;
}

/** How many times the victim's p99 was longer during the abuse than before. */
export function ratioOf({ before, during }: Pick<AbuseMeasures, 'before' | 'during'>): number {
  return during.p99Ms / before.p99Ms;
}

/** Returns a line for each aim that was missed. */
export function missedAims(measures: AbuseMeasures): string[] {
  const { before, during, after, abuser, exited } = measures;
  const ratio = ratioOf(measures);
  const errors = before.errors + during.errors + after.errors;
  return [
    ...(ratio > MAX_RATIO ? [`the victim's p99 grew ${ratio.toFixed(1)} times`] : []),
    ...(errors > 0
      ? [
          `${errors} requests of the victim failed, the first: ${before.firstError ?? during.firstError ?? after.firstError ?? ''}`,
        ]
      : []),
    ...(abuser.wrong > 0
      ? [`${abuser.wrong} responses to the abuser were wrong, the first: ${abuser.firstWrong ?? ''}`]
      : []),
    ...(exited > 0 ? [`${exited} API processes exited`] : []),
  ];
}
