import { SAMPLE_RATE } from './pcm.ts';

/** Limits buffered speech to ten minutes, so that a sender cannot exhaust memory. */
export const MAX_BUFFERED_SAMPLES = 600 * SAMPLE_RATE;

/** A segment without audio for this long is treated as complete. */
const STALL_TIMEOUT_MS = 20_000;

export interface SegmentOptions {
  onStarted?: () => void;
  /** `positionSeconds` is how much of the segment was played. */
  onFinished?: (positionSeconds: number, interrupted: boolean) => void;
  /** Makes the segment live: beyond this many buffered samples, the oldest are dropped, so that playback keeps up. */
  maxBufferedSamples?: number;
  /** Whether the runtime generates the audio. Such audio does not count as activity. */
  isSynthetic?: boolean;
}

/** Audio that plays while it is received, such as an utterance or a live track. */
export class AudioSegment {
  readonly #options: SegmentOptions;
  readonly #onActive: () => void;
  #chunks: Int16Array[] = [];
  #buffered = 0;
  #lastAudioAt = performance.now();
  #played = 0;
  #complete = false;
  #finished = false;

  /** `onActive` is called when received audio comes in or is played. */
  constructor(options: SegmentOptions, onActive: () => void) {
    this.#options = options;
    this.#onActive = onActive;
  }

  write(samples: Int16Array, { audible = true } = {}): void {
    if (this.#finished || this.#complete || samples.length === 0) return;
    if (audible && this.#options.isSynthetic !== true) this.#onActive();
    this.#lastAudioAt = performance.now();
    if (this.#buffered >= MAX_BUFFERED_SAMPLES) return;
    this.#chunks.push(samples);
    this.#buffered += samples.length;
    this.#drop(this.#buffered - (this.#options.maxBufferedSamples ?? Infinity));
  }

  /** Marks the end of the input. */
  complete(): void {
    this.#complete = true;
  }

  /** Moves samples into `target`. Returns how many. */
  take(target: Int16Array): number {
    if (this.#isStalled) this.#complete = true;
    const count = this.#move(target.length, (chunk, at) => target.set(chunk, at));
    if (count > 0 && this.#played === 0) this.#options.onStarted?.();
    this.#played += count;
    if (count > 0) this.#lastAudioAt = performance.now();
    // An utterance may arrive faster than it plays, so playing counts as activity. A live track may play silence.
    if (count > 0 && !this.isLive && this.#options.isSynthetic !== true) this.#onActive();
    return count;
  }

  finish(interrupted: boolean): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#chunks = [];
    this.#options.onFinished?.(this.#played / SAMPLE_RATE, interrupted);
  }

  get bufferedSamples(): number {
    return this.#buffered;
  }

  get isDone(): boolean {
    return this.#finished || (this.#complete && this.#buffered === 0);
  }

  /** Whether the audio is live (see `maxBufferedSamples`). */
  get isLive(): boolean {
    return this.#options.maxBufferedSamples !== undefined;
  }

  get isInterrupted(): boolean {
    return this.#finished && !this.#complete;
  }

  get #isStalled(): boolean {
    return !this.isLive && this.#buffered === 0 && performance.now() - this.#lastAudioAt > STALL_TIMEOUT_MS;
  }

  #drop(excess: number): void {
    if (excess > 0) this.#move(excess, () => undefined);
  }

  #move(count: number, place: (chunk: Int16Array, at: number) => void): number {
    let moved = 0;
    while (moved < count) {
      const [chunk] = this.#chunks;
      if (chunk === undefined) break;
      const part = chunk.subarray(0, count - moved);
      place(part, moved);
      moved += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#buffered -= moved;
    return moved;
  }
}
