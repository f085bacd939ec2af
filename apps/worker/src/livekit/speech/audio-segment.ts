import { SAMPLE_RATE } from './pcm.ts';

/** Ten minutes of what is still to be said. More is left out: memory is not the sender's to fill. */
export const LONGEST_SPEECH_SAMPLES = 600 * SAMPLE_RATE;

/** Who says nothing for so long in the middle of an utterance is not expected to go on. */
const STALLED_MS = 20_000;

/** Whoever wants to know how an utterance fares. */
export interface Listener {
  started?: () => void;
  /** `positionSeconds`: how much of it was played. */
  finished?: (positionSeconds: number, interrupted: boolean) => void;
  /** For sound as it happens: what is held beyond this is left out, so that it never lags further behind. */
  maxHeldSamples?: number;
  /** Played without having been received from anybody. */
  isSynthetic?: boolean;
}

/** Sound that is played in order as it comes in. */
export class Utterance {
  readonly #listener: Listener;
  readonly #heard: () => void;
  #chunks: Int16Array[] = [];
  #held = 0;
  #activeAt = performance.now();
  #played = 0;
  #complete = false;
  #finished = false;

  constructor(listener: Listener, heard: () => void) {
    this.#listener = listener;
    this.#heard = heard;
  }

  write(samples: Int16Array, { audible = true } = {}): void {
    if (this.#finished || this.#complete || samples.length === 0) return;
    if (audible && this.#listener.isSynthetic !== true) this.#heard();
    this.#activeAt = performance.now();
    if (this.#held >= LONGEST_SPEECH_SAMPLES) return;
    this.#chunks.push(samples);
    this.#held += samples.length;
    this.#leaveOut(this.#held - (this.#listener.maxHeldSamples ?? Infinity));
  }

  /** No more is coming. */
  complete(): void {
    this.#complete = true;
  }

  /** Plays into the target; answers how much there was. */
  take(target: Int16Array): number {
    if (this.#isStalled) this.#complete = true;
    const count = this.#move(target.length, (chunk, at) => target.set(chunk, at));
    if (count > 0 && this.#played === 0) this.#listener.started?.();
    this.#played += count;
    if (count > 0) this.#activeAt = performance.now();
    // What came in faster than it is spoken is heard for as long as it is spoken; of a live track there may be silence.
    if (count > 0 && !this.isEndless && this.#listener.isSynthetic !== true) this.#heard();
    return count;
  }

  finish(interrupted: boolean): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#chunks = [];
    this.#listener.finished?.(this.#played / SAMPLE_RATE, interrupted);
  }

  get heldSamples(): number {
    return this.#held;
  }

  get isOver(): boolean {
    return this.#finished || (this.#complete && this.#held === 0);
  }

  /** Sound as it happens, which goes on for as long as somebody listens. */
  get isEndless(): boolean {
    return this.#listener.maxHeldSamples !== undefined;
  }

  get isInterrupted(): boolean {
    return this.#finished && !this.#complete;
  }

  get #isStalled(): boolean {
    return !this.isEndless && this.#held === 0 && performance.now() - this.#activeAt > STALLED_MS;
  }

  #leaveOut(excess: number): void {
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
    this.#held -= moved;
    return moved;
  }
}
