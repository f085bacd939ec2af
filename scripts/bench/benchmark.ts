/** The options of every benchmark. */
export interface BenchmarkOptions {
  /** Ends the benchmark early and cleans up. */
  signal: AbortSignal;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

/** The result of a benchmark. */
export interface BenchmarkResult {
  /** The report to print. */
  lines: readonly string[];
  /** The measurements, for `--json`. */
  data: unknown;
  /** Failures of the service, such as a lost session. Slowness is not one. */
  problems: readonly string[];
}
