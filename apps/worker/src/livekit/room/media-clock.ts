/** More than this between two frames was not delivered: the process stood still. */
const LONGEST_STEP_MS = 500;

/** Time in which media is delivered: from the first frame on, and not while the room is out of reach. */
export class MediaClock {
  #elapsedMs = 0;
  #lastFrameAt: number | null = null;

  /** A frame was delivered. */
  step(): void {
    const now = performance.now();
    if (this.#lastFrameAt !== null) this.#elapsedMs += Math.min(now - this.#lastFrameAt, LONGEST_STEP_MS);
    this.#lastFrameAt = now;
  }

  /** What comes next does not follow on what was. */
  stop(): void {
    this.#lastFrameAt = null;
  }

  get elapsedMs(): number {
    return Math.floor(this.#elapsedMs);
  }
}
