import { BLOCK_SAMPLES, isAudible, SAMPLE_RATE } from './pcm.ts';

/** A superseded segment ends when no audio has arrived for this long: audio may still be in flight. */
const SUPERSEDED_TIMEOUT_MS = 200;
/** How far a sender in real time may be ahead of the clock. A sender that is further ahead synthesizes speech. */
const REAL_TIME_MARGIN_SAMPLES = SAMPLE_RATE / 2;
/** After a longer pause, a sender is judged as if it started. */
const MAX_STALL_MS = 5_000;
/**
 * Audio of a sender in real time is late when more than the first limit is buffered, and on time again at the second.
 */
const LATE_SAMPLES = SAMPLE_RATE / 5;
const IN_TIME_SAMPLES = SAMPLE_RATE / 10;
/** Chunks are joined up to this length: a tenth of a second. */
const MAX_JOINED_SAMPLES = SAMPLE_RATE / 10;
/** How much of the buffer is searched for silence at a time: two seconds. */
const MAX_SEARCHED_BLOCKS = (2 * SAMPLE_RATE) / BLOCK_SAMPLES;

export interface SegmentOptions {
  onStarted?: () => void;
  /** `positionSeconds` is how much of the segment was played. */
  onFinished?: (positionSeconds: number, interrupted: boolean) => void;
  /** Makes the segment live: beyond this many buffered samples, the oldest are dropped, so that playback keeps up. */
  maxBufferedSamples?: number;
  /** Whether the runtime generates the audio. Such audio does not count as activity. */
  isSynthetic?: boolean;
}

/** The part of the queue that a segment uses. */
export interface SegmentOwner {
  /** How many more samples the queue has space for. */
  readonly space: number;
  /** Called when received audio arrives or is played. */
  markActive(): void;
}

/** Audio that plays while it is received, such as an utterance or a live track. */
export class AudioSegment {
  readonly #options: SegmentOptions;
  readonly #owner: SegmentOwner;
  #chunks: Int16Array[] = [];
  #buffered = 0;
  #lastAudioAt = performance.now();
  /** Samples that were played or skipped. */
  #consumed = 0;
  /** The position in the output after the last sample that was taken. */
  #sentUntil = 0;
  #started = false;
  #complete = false;
  #superseded = false;
  #finished = false;
  /** Whether audio was dropped because the queue was full, or was cut off. */
  #lossy = false;
  #pace = { isRealTime: true, startedAt: 0, received: 0 };

  constructor(options: SegmentOptions, owner: SegmentOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** Returns whether there was space. */
  write(samples: Int16Array): boolean {
    if (this.isClosed || samples.length === 0) return true;
    this.#measurePace(samples.length);
    this.#lastAudioAt = performance.now();
    this.#markActive();
    if (samples.length > this.#owner.space) {
      this.#lossy = true;
      return false;
    }
    this.#append(samples);
    this.#buffered += samples.length;
    this.#drop(this.#buffered - (this.#options.maxBufferedSamples ?? Infinity));
    return true;
  }

  /** Joins small chunks: a sender may send single samples. */
  #append(samples: Int16Array): void {
    const last = this.#chunks.at(-1);
    if (last === undefined || last.length + samples.length > MAX_JOINED_SAMPLES) {
      this.#chunks.push(samples);
      return;
    }
    const joined = new Int16Array(last.length + samples.length);
    joined.set(last);
    joined.set(samples, last.length);
    this.#chunks[this.#chunks.length - 1] = joined;
  }

  /** Marks the end of the input. */
  complete(): void {
    this.#complete = true;
  }

  /** Ends the input when no more audio arrives: the sender has started another segment. */
  supersede(): void {
    this.#superseded = true;
    this.#lastAudioAt = performance.now();
  }

  /** Marks the end of the input of a superseded segment when no more audio arrives. */
  settle(): void {
    if (this.#superseded && this.isDry && this.dryMs > SUPERSEDED_TIMEOUT_MS) this.complete();
  }

  /** Marks the end of the input of a sender in real time, which may never end it. Others send their rest soon. */
  cutOffRealTime(): void {
    if (this.isClosed || !this.#pace.isRealTime || this.#pace.received <= REAL_TIME_MARGIN_SAMPLES) return;
    this.#lossy = true;
    this.complete();
  }

  /** Drops the buffered audio. */
  discard(): void {
    this.#chunks = [];
    this.#buffered = 0;
  }

  /** Moves samples into `target`, whole blocks while the input is open. `sent` is the output's position. Returns how many. */
  take(target: Int16Array, sent: number): number {
    this.#makeUp();
    const available = Math.min(target.length, this.#buffered);
    const wanted = this.#complete ? available : available - (available % BLOCK_SAMPLES);
    const count = this.#move(wanted, (chunk, at) => target.set(chunk, at));
    if (count === 0) return 0;
    this.#sentUntil = sent + count;
    if (!this.#started) this.#options.onStarted?.();
    this.#started = true;
    this.#consumed += count;
    this.#lastAudioAt = performance.now();
    // An utterance may arrive faster than it plays, so playing counts as activity.
    if (!this.isLive) this.#markActive();
    return count;
  }

  /** Ends the segment after its last sample has left the output, at position `played`. Returns whether it has. */
  finishIfPlayed(played: number): boolean {
    if (this.#sentUntil > played) return false;
    this.#finish(this.#consumed, this.#lossy);
    return true;
  }

  /** Ends the segment when the output drops its unplayed audio. */
  interrupt(played: number): void {
    if (this.isDone && this.finishIfPlayed(played)) return;
    const unplayed = Math.max(0, this.#sentUntil - played);
    this.#finish(Math.max(0, this.#consumed - unplayed), true);
  }

  get bufferedSamples(): number {
    return this.#buffered;
  }

  /** Whether all audio was taken and no more can come. */
  get isDone(): boolean {
    return this.#finished || (this.#complete && this.#buffered === 0);
  }

  /** Whether no more audio is accepted. */
  get isClosed(): boolean {
    return this.#finished || this.#complete;
  }

  /** Whether there is nothing to take at the moment. */
  get isDry(): boolean {
    return this.#buffered < (this.#complete ? 1 : BLOCK_SAMPLES);
  }

  /** Milliseconds since audio was last received or taken. */
  get dryMs(): number {
    return performance.now() - this.#lastAudioAt;
  }

  /** Whether the audio is live (see `maxBufferedSamples`). */
  get isLive(): boolean {
    return this.#options.maxBufferedSamples !== undefined;
  }

  #markActive(): void {
    if (this.#options.isSynthetic !== true) this.#owner.markActive();
  }

  #finish(position: number, interrupted: boolean): void {
    if (this.#finished) return;
    this.#finished = true;
    this.discard();
    this.#options.onFinished?.(position / SAMPLE_RATE, interrupted);
  }

  #measurePace(count: number): void {
    const now = performance.now();
    if (this.#pace.received === 0 || now - this.#lastAudioAt > MAX_STALL_MS) {
      this.#pace = { isRealTime: true, startedAt: now, received: 0 };
    }
    this.#pace.received += count;
    const elapsedSamples = ((now - this.#pace.startedAt) / 1000) * SAMPLE_RATE;
    if (this.#pace.received > elapsedSamples + REAL_TIME_MARGIN_SAMPLES) this.#pace.isRealTime = false;
  }

  /** Skips silence of a sender in real time until its audio is no longer late. */
  #makeUp(): void {
    if (!this.#pace.isRealTime || this.#buffered <= LATE_SAMPLES) return;
    const kept: Int16Array[] = [];
    for (let count = 0; count < MAX_SEARCHED_BLOCKS && this.#buffered >= BLOCK_SAMPLES; count += 1) {
      const block = new Int16Array(BLOCK_SAMPLES);
      this.#move(BLOCK_SAMPLES, (chunk, at) => block.set(chunk, at));
      const isLate = this.#buffered + (kept.length + 1) * BLOCK_SAMPLES > IN_TIME_SAMPLES;
      if (isLate && !isAudible(block)) this.#consumed += BLOCK_SAMPLES;
      else kept.push(block);
    }
    this.#chunks = [...kept, ...this.#chunks];
    this.#buffered += kept.length * BLOCK_SAMPLES;
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
