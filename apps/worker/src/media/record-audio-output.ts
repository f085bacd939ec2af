import { AudioFrame, AudioResampler } from '@livekit/rtc-node';

import { BLOCK_SAMPLES, SAMPLE_RATE } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import type { AudioOutput } from '../avatar/transport.ts';

/** Sample rate of the audio that clients get, in Hz: the `audio_sample_rate` of the document. */
export const OUTPUT_RATE = 16_000;

const SAMPLES_PER_MS = SAMPLE_RATE / 1000;
/** A longer gap between two frames is not filled: the process was paused. */
const MAX_GAP_MS = 500;

type SendAudio = (pcm: Uint8Array, timestampMs: number) => void;

/**
 * Sends audio in real time: with each video frame, the audio since the one before. The frame shows the audio that was
 * sent with it.
 */
export class RecordAudioOutput implements AudioOutput {
  readonly #sendAudio: SendAudio;
  #resampler: AudioResampler | null = null;
  #lastFillAtMs: number | null = null;
  /** Samples that are due and were not taken, because the queue is read in whole blocks. */
  #due = 0;
  #elapsedMs = 0;
  #sent = 0;
  #latest = new Int16Array();

  constructor(sendAudio: SendAudio) {
    this.#sendAudio = sendAudio;
  }

  fill(queue: PlaybackQueue): void {
    const now = performance.now();
    const gapMs = Math.min(MAX_GAP_MS, now - (this.#lastFillAtMs ?? now - 1));
    this.#lastFillAtMs = now;
    this.#elapsedMs += gapMs;
    this.#due += gapMs * SAMPLES_PER_MS;
    const count = Math.floor(this.#due / BLOCK_SAMPLES) * BLOCK_SAMPLES;
    // Too soon after a late frame. The speech has not ended.
    if (count === 0) return;
    this.#due -= count;
    this.#latest = queue.take(count);
    this.#sent += this.#latest.length;
    this.#convert(this.#latest);
  }

  shown(count: number): Int16Array {
    return this.#latest.subarray(-count);
  }

  /** Milliseconds of the performance at the latest video frame. */
  get timestampMs(): number {
    return Math.round(this.#elapsedMs);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Sent audio has left, because the client plays it. */
  get played(): number {
    return this.#sent;
  }

  /** Whether the resampler is empty: the connection has all audio, and sends it before it closes. */
  get isPlayedOut(): boolean {
    return this.#resampler === null;
  }

  /** Stops the clock until the next video frame: the time without a client is not filled. */
  pause(): void {
    this.#lastFillAtMs = null;
    this.#due = 0;
  }

  clear(): void {
    this.#resampler?.close();
    this.#resampler = null;
  }

  #convert(samples: Int16Array): void {
    if (samples.length > 0) {
      this.#resampler ??= new AudioResampler(SAMPLE_RATE, OUTPUT_RATE, 1);
      this.#send(this.#resampler.push(new AudioFrame(samples, SAMPLE_RATE, 1, samples.length)));
    } else if (this.#resampler !== null) {
      this.#send(this.#resampler.flush());
      this.clear();
    }
  }

  #send(frames: AudioFrame[]): void {
    const parts = frames.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    if (parts.length > 0) this.#sendAudio(Buffer.concat(parts), this.timestampMs);
  }
}
