/** The performance of a session by its last worker. */
interface Performance {
  /** The media time of the last report that was acknowledged. */
  acknowledgedMs: number;
  /** Whether that report was the last one of the performance. */
  isOver: boolean;
}

/** The facts that the server has acknowledged, to compare with the database at the end. */
export class Ledger {
  /** Ids of acknowledged sessions by the idempotency key of their create. */
  readonly created = new Map<string, string>();
  readonly performances = new Map<string, Performance>();
  /** Ids of sessions that the server took from their worker. */
  readonly lost = new Set<string>();
  /** Descriptions of responses that no caller may get. */
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
