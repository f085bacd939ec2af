/** A longer gap between two frames counts only this much: the process was paused and delivered nothing. */
const MAX_STEP_MS = 500;

/** Measures how long media is delivered: from the first frame, except while the room is unreachable. */
export class MediaClock {
  #elapsedMs = 0;
  #lastFrameAt: number | null = null;

  /** Counts the time since the last frame. Call it for each frame that is delivered. */
  step(): void {
    const now = performance.now();
    if (this.#lastFrameAt !== null) this.#elapsedMs += Math.min(now - this.#lastFrameAt, MAX_STEP_MS);
    this.#lastFrameAt = now;
  }

  /** Stops the clock until the next frame. */
  stop(): void {
    this.#lastFrameAt = null;
  }

  get elapsedMs(): number {
    return Math.floor(this.#elapsedMs);
  }
}
