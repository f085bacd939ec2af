/** Whether something worth telling has happened since one last told. */
export class News {
  #unread = new AbortController();

  /** Something happened. */
  arrive(): void {
    this.#unread.abort();
  }

  /** Aborted as long as there is something untold. */
  get signal(): AbortSignal {
    return this.#unread.signal;
  }

  /** All that happened so far is being told; the signal is aborted by what happens from now on. */
  read(): AbortSignal {
    if (this.#unread.signal.aborted) this.#unread = new AbortController();
    return this.#unread.signal;
  }
}
