import { AudioSegment, MAX_BUFFERED_SAMPLES, type SegmentOptions } from './audio-segment.ts';

/** Plays audio segments one after the other. */
export class PlaybackQueue {
  readonly #clearOutput: () => void;
  #segments: AudioSegment[] = [];
  #closed = false;
  #activeAt = performance.now();

  /** `clearOutput` drops audio that was taken from the queue and has not been sent. */
  constructor(clearOutput: () => void) {
    this.#clearOutput = clearOutput;
  }

  /** Appends a segment. Returns null when the queue is closed or full. */
  startSegment(options: SegmentOptions = {}): AudioSegment | null {
    const buffered = this.#segments.reduce((sum, segment) => sum + segment.bufferedSamples, 0);
    if (this.#closed || buffered >= MAX_BUFFERED_SAMPLES) return null;
    const segment = new AudioSegment(options, () => this.markActive());
    this.#segments.push(segment);
    return segment;
  }

  /** Returns the next `count` samples, padded with silence. */
  take(count: number): Int16Array<ArrayBuffer> {
    const samples = new Int16Array(count);
    let filled = 0;
    for (;;) {
      const [current] = this.#segments;
      if (current === undefined) break;
      filled += current.take(samples.subarray(filled));
      if (!current.isDone) break;
      this.#segments.shift();
      current.finish(false);
    }
    return samples;
  }

  /** Drops all segments and the audio that was not sent yet. */
  interrupt(): void {
    const interrupted = this.#segments;
    this.#segments = [];
    this.#clearOutput();
    for (const segment of interrupted) segment.finish(true);
  }

  /** Accepts no more segments. Those in the queue play to their end; a live one ends now. */
  close(): void {
    this.#closed = true;
    for (const segment of this.#segments) if (segment.isLive) segment.complete();
  }

  /** Resets the idle time. */
  markActive(): void {
    this.#activeAt = performance.now();
  }

  get isDone(): boolean {
    return this.#segments.every((segment) => segment.isDone);
  }

  /** Milliseconds since received audio last came in or was played. */
  get idleMs(): number {
    return performance.now() - this.#activeAt;
  }
}
