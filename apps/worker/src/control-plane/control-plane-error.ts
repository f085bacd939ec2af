/** The server's codes for an assignment that this worker no longer has. */
const LOST = new Set(['assignment.lost', 'session.not_found']);

/** A request to the server that failed. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  /** Null when there was no response. */
  readonly status: number | null;
  /** Null when there was no response, or one that did not come from the server. */
  readonly code: string | null;
  /** The server logs it too, if it received the request. */
  readonly requestId: string;

  constructor(
    message: string,
    {
      requestId,
      status = null,
      code = null,
    }: { requestId: string; status?: number | null; code?: string | null },
  ) {
    super(message);
    this.requestId = requestId;
    this.status = status;
    this.code = code;
  }

  /** Whether the session has ended or belongs to another worker. */
  get isLost(): boolean {
    return this.code !== null && LOST.has(this.code);
  }

  /** Whether the server does not know this worker, for example after a long silence. */
  get isUnknownWorker(): boolean {
    return this.code === 'worker.not_found';
  }

  /** Whether the server is unreachable or responded with a 5xx status. */
  get isUnavailable(): boolean {
    return this.status === null || this.status >= 500;
  }
}

/** Returns the id of a failed request; undefined for another error. */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ControlPlaneError ? error.requestId : undefined;
}
