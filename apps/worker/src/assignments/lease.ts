/** Why a performance ends although nobody said so: nobody may be listening any more. */
export class LeaseOverError extends Error {
  override readonly name = 'LeaseOverError';
}

/**
 * The right to perform a session, by this process's monotonic clock. When it runs out the worker leaves the room by
 * itself: the server, reachable or not, may have handed the session to another.
 */
export class Lease {
  readonly #over = new AbortController();
  #untilMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number) {
    this.renew(seconds);
  }

  /** Aborted when the lease is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * It runs for so long from now.
   *
   * @throws when it is over. A process that was paused may hear of this by an old answer before its timers are run.
   */
  renew(seconds: number): void {
    if (this.#timer !== undefined && performance.now() > this.#untilMs) this.end(new LeaseOverError());
    this.signal.throwIfAborted();
    this.#untilMs = performance.now() + seconds * 1000;
    this.suspend();
    this.#timer = setTimeout(() => this.end(new LeaseOverError()), seconds * 1000);
  }

  /** It does not run out until it is renewed. */
  suspend(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends it before its time, or because its time has come. */
  end(reason: Error): void {
    this.suspend();
    this.#over.abort(reason);
  }
}
