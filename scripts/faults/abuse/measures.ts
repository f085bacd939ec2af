/** One request of the victim and its result. */
export interface VictimSample {
  operation: 'create' | 'get' | 'list' | 'end';
  durationMs: number;
  /** Null when the status is the expected one. */
  failure: string | null;
}

/** The measurements of one phase. */
export interface PhaseMeasures {
  requests: number;
  errors: number;
  /** Null when there was no error. */
  firstError: string | null;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
  /** Transactions per second of all clients of the database. */
  transactionsPerSecond: number;
  /** CPU usage of the busiest API process, in cores. */
  apiCores: number;
  /** CPU usage of the whole machine, in cores. Other load makes the measurements unreliable. */
  machineCores: number;
}

/** The responses to the abuser. */
export interface AbuserReport {
  /** Number of responses by status and error code. */
  responses: Record<string, number>;
  /** Requests whose connection was closed without a response. */
  unanswered: number;
  /** Number of responses that the document does not describe. */
  wrong: number;
  /** Null when no response was wrong. */
  firstWrong: string | null;
  /** CPU usage of the abuser process, in cores. */
  cores: number;
}

export interface AbuseMeasures {
  before: PhaseMeasures;
  during: PhaseMeasures;
  after: PhaseMeasures;
  abuser: AbuserReport;
  /** Number of API processes that exited. */
  exited: number;
}

/** How many times the victim's p99 may grow. */
export const MAX_RATIO = 3;

/** Returns the victim's p99 during the abuse divided by the p99 before. */
export function ratioOf({ before, during }: Pick<AbuseMeasures, 'before' | 'during'>): number {
  return during.p99Ms / before.p99Ms;
}

/** Returns a line for each missed goal. */
export function missedGoals(measures: AbuseMeasures): string[] {
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
