/** Time in which media is delivered: runs from the first frame on, and stands still while the room is out of reach. */
export class MediaClock {
  #elapsedMs = 0;
  #runningSince: number | null = null;

  start(): void {
    this.#runningSince ??= performance.now();
  }

  stop(): void {
    this.#elapsedMs = this.elapsedMs;
    this.#runningSince = null;
  }

  get elapsedMs(): number {
    const running = this.#runningSince === null ? 0 : performance.now() - this.#runningSince;
    return Math.floor(this.#elapsedMs + running);
  }
}
