/** Codes by which the server says that an assignment is over for this worker. */
const LOST = new Set(['assignment.lost', 'session.not_found']);

/** A request to the server that was not answered with a success. */
export class ControlPlaneError extends Error {
  override readonly name = 'ControlPlaneError';
  /** Null where there was no answer. */
  readonly status: number | null;
  /** Null where there was no answer, or one that is not the server's. */
  readonly code: string | null;

  constructor(message: string, status: number | null = null, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The session has moved on, to another worker or to its end. */
  get isLost(): boolean {
    return this.code !== null && LOST.has(this.code);
  }

  /** The server does not know this worker, as after it was silent for long. */
  get isUnknownWorker(): boolean {
    return this.code === 'worker.not_found';
  }

  /** The server cannot be reached, or cannot serve anybody at the moment. */
  get isUnavailable(): boolean {
    return this.status === null || this.status >= 500;
  }
}
