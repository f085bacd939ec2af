/** Records changes since the last report, as a signal that can interrupt a wait. */
export class ChangeSignal {
  #changed = new AbortController();

  /** Records a change. */
  notify(): void {
    this.#changed.abort();
  }

  /** Aborted while a change has not been consumed. */
  get signal(): AbortSignal {
    return this.#changed.signal;
  }

  /** Consumes all changes so far. Returns a signal that the next change aborts. */
  consume(): AbortSignal {
    if (this.#changed.signal.aborted) this.#changed = new AbortController();
    return this.#changed.signal;
  }
}
