/** The reason of the signal of a lease that expired. */
export class LeaseExpiredError extends Error {
  override readonly name = 'LeaseExpiredError';
}

/**
 * The right to perform a session, timed by this process's monotonic clock. When it expires, the worker leaves the room
 * at once: the server may have assigned the session to another worker.
 */
export class Lease {
  readonly #controller = new AbortController();
  #expiresAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number) {
    this.renew(seconds);
  }

  /** Aborts when the lease ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Extends the lease to `seconds` from now.
   *
   * @throws {LeaseExpiredError} when it has expired. A process that was paused may read an old response before its
   * timers run.
   */
  renew(seconds: number): void {
    if (this.#timer !== undefined && performance.now() > this.#expiresAtMs) this.end(new LeaseExpiredError());
    this.signal.throwIfAborted();
    this.#expiresAtMs = performance.now() + seconds * 1000;
    this.suspend();
    this.#timer = setTimeout(() => this.end(new LeaseExpiredError()), seconds * 1000);
  }

  /** Stops the clock until the next `renew`. */
  suspend(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the lease now; `reason` becomes the reason of `signal`. */
  end(reason: Error): void {
    this.suspend();
    this.#controller.abort(reason);
  }
}
