/** The performance of a session by its last worker. */
interface Performance {
  /** The media time of the last report that was acknowledged. */
  acknowledgedMs: number;
  /** Whether that report was the last one of the performance. */
  isOver: boolean;
}

/** The facts that callers were told, to compare with the database at the end. */
export class Ledger {
  /** Ids of acknowledged sessions by the idempotency key of their create. */
  readonly created = new Map<string, string>();
  readonly performances = new Map<string, Performance>();
  /** Ids of sessions whose worker was told that it no longer holds them. */
  readonly lost = new Set<string>();
  /** Lines that describe what no caller may see. */
  readonly problems: string[] = [];

  reported(sessionId: string, mediaMs: number, isOver: boolean): void {
    this.performances.set(sessionId, { acknowledgedMs: mediaMs, isOver });
  }

  /** The seconds to bill, or null when the last report of the session is unknown. */
  billableSeconds(sessionId: string): number | null {
    const performance = this.performances.get(sessionId);
    return performance?.isOver === true ? Math.floor(performance.acknowledgedMs / 1000) : null;
  }
}
