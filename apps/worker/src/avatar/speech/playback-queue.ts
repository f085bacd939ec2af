import { AudioSegment, type SegmentOptions, type SegmentOwner } from './audio-segment.ts';
import { BLOCK_SAMPLES, SAMPLE_RATE } from './pcm.ts';

/** Limits buffered speech to ten minutes, so that senders cannot exhaust memory. */
const MAX_BUFFERED_SAMPLES = 600 * SAMPLE_RATE;
/** Limits the memory that senders can use by opening streams without ending them. */
const MAX_SEGMENTS = 256;
/** A segment without audio gives way to the next one after this time, and is heard again when its audio arrives. */
const YIELD_MS = 2_000;

/** The output that audio from the queue is sent to. Positions are in samples. */
export interface Output {
  /** How much was sent to the output. */
  readonly sent: number;
  /** How much of it has left the output. */
  readonly played: number;
  /** Drops the audio that has not left the output. */
  clear(): void;
}

/** Plays audio segments one after the other. */
export class PlaybackQueue implements SegmentOwner {
  readonly #output: Output;
  #segments: AudioSegment[] = [];
  /** Segments whose last samples are still in the output. */
  #leaving: AudioSegment[] = [];
  #current: AudioSegment | undefined;
  #closed = false;
  #activeAt = performance.now();

  constructor(output: Output) {
    this.#output = output;
  }

  /** Appends a segment. Returns null when the queue is closed or full. */
  startSegment(options: SegmentOptions = {}): AudioSegment | null {
    if (!this.acceptsSegments) return null;
    const segment = new AudioSegment(options, this);
    this.#segments.push(segment);
    return segment;
  }

  /** Returns the next samples for the output, in whole blocks: at most `count`, fewer when there is no more audio. */
  take(count: number): Int16Array<ArrayBuffer> {
    for (const segment of this.#segments) {
      segment.settle();
      if (this.#closed) segment.cutOffRealTime();
    }
    const samples = new Int16Array(count);
    let filled = 0;
    for (let segment = this.#next(); segment !== undefined; segment = this.#next()) {
      filled += segment.take(samples.subarray(filled), this.#output.sent + filled);
      if (!segment.isDone) break;
      this.#segments.splice(this.#segments.indexOf(segment), 1);
      this.#leaving.push(segment);
    }
    return samples.slice(0, Math.ceil(filled / BLOCK_SAMPLES) * BLOCK_SAMPLES);
  }

  /** Finishes the segments whose last sample has left the output. */
  finishPlayed(): void {
    const { played } = this.#output;
    while (this.#leaving[0]?.finishIfPlayed(played) === true) this.#leaving.shift();
  }

  /** Drops all audio that has not left the output, and ends its segments; a live one continues. */
  interrupt(): void {
    const { played } = this.#output;
    const interrupted = [...this.#leaving, ...this.#segments.filter(({ isLive }) => !isLive)];
    this.#leaving = [];
    this.#segments = this.#segments.filter(({ isLive }) => isLive);
    this.#output.clear();
    for (const segment of interrupted) segment.interrupt(played);
    for (const segment of this.#segments) segment.discard();
  }

  /**
   * Accepts no more segments. Those in the queue play to their end, except that live ones and those of senders in real
   * time end now.
   */
  close(): void {
    this.#closed = true;
    for (const segment of this.#segments) if (segment.isLive) segment.complete();
  }

  /** Whether the queue is neither closed nor full. */
  get acceptsSegments(): boolean {
    return !this.#closed && this.#segments.length < MAX_SEGMENTS && this.space > 0;
  }

  /** How many more samples may be buffered, over all segments. */
  get space(): number {
    return this.#segments.reduce((space, segment) => space - segment.bufferedSamples, MAX_BUFFERED_SAMPLES);
  }

  /** Resets the idle time. */
  markActive(): void {
    this.#activeAt = performance.now();
  }

  /** Whether nothing is left to play. A segment whose sender pauses does not keep a closed queue open. */
  get isDone(): boolean {
    return (
      this.#leaving.length === 0 && this.#segments.every((segment) => segment.isDone || hasPaused(segment))
    );
  }

  /** Milliseconds since received audio last arrived or was played. */
  get idleMs(): number {
    return performance.now() - this.#activeAt;
  }

  /** Returns the segment that plays now. One that has paused gives way to the first other one that has not. */
  #next(): AudioSegment | undefined {
    const current = this.#current;
    if (current === undefined || !this.#segments.includes(current) || hasPaused(current)) {
      this.#current = this.#segments.find((segment) => !hasPaused(segment)) ?? this.#segments[0];
    }
    return this.#current;
  }
}

function hasPaused(segment: AudioSegment): boolean {
  return segment.isDry && !segment.isDone && segment.dryMs > YIELD_MS;
}
