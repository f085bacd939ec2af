import { AudioFrame, AudioSource } from '@livekit/rtc-node';

import { BLOCK_SAMPLES, isAudible, SAMPLE_RATE } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import type { AudioOutput } from '../avatar/transport.ts';

const SAMPLES_PER_MS = SAMPLE_RATE / 1000;
const QUEUE_MS = 200;
/** How much speech the source holds, so that a late frame leaves no gap. */
const SPEECH_SAMPLES = 120 * SAMPLES_PER_MS;
/** How much silence it holds: less, because speech that begins waits behind it. */
const SILENCE_SAMPLES = 60 * SAMPLES_PER_MS;
/** Estimated delay until a listener hears the audio: network and jitter buffer. */
const PLAYOUT_DELAY_MS = 250;
/**
 * How far the video is behind the audio: half a frame, plus half of the extra delay that receivers without
 * synchronization add to audio on a quiet network (rtc-node: 60 to 80 ms, measured). Both kinds of receivers stay within
 * 40 ms.
 */
const VIDEO_DELAY_SAMPLES = 55 * SAMPLES_PER_MS;

/**
 * The audio source of the avatar's track. It is filled to a constant level at each video frame, so that late frames do not
 * add delay, and it knows what leaves it now, so that the video matches the audio.
 */
export class SourceAudioOutput implements AudioOutput {
  readonly source = new AudioSource(SAMPLE_RATE, 1, QUEUE_MS);
  #sent = 0;
  /** The latest samples that were sent. */
  readonly #recent = new Int16Array(QUEUE_MS * SAMPLES_PER_MS + VIDEO_DELAY_SAMPLES);
  #playedOutAtMs = 0;

  /** Fills the source with speech, or with silence where there is none. */
  fill(queue: PlaybackQueue): void {
    const wanted = SPEECH_SAMPLES - this.#queued;
    if (wanted >= BLOCK_SAMPLES) this.#send(queue.take(wanted - (wanted % BLOCK_SAMPLES)));
    const missing = SILENCE_SAMPLES - this.#queued;
    if (missing > 0) this.#send(new Int16Array(Math.ceil(missing / BLOCK_SAMPLES) * BLOCK_SAMPLES));
  }

  shown(count: number): Int16Array {
    const from = this.#recent.length - this.#queued - VIDEO_DELAY_SAMPLES;
    return this.#recent.subarray(from, from + count);
  }

  get sent(): number {
    return this.#sent;
  }

  get played(): number {
    return this.#sent - this.#queued;
  }

  get isPlayedOut(): boolean {
    return performance.now() >= this.#playedOutAtMs;
  }

  clear(): void {
    this.source.clearQueue();
    this.#playedOutAtMs = 0;
  }

  close(): Promise<void> {
    return this.source.close();
  }

  get #queued(): number {
    return Math.min(QUEUE_MS * SAMPLES_PER_MS, Math.round(this.source.queuedDuration * SAMPLES_PER_MS));
  }

  #send(samples: Int16Array<ArrayBuffer>): void {
    if (samples.length === 0) return;
    // Rejects when the source was closed in the meantime, where the audio is no longer needed.
    this.source.captureFrame(new AudioFrame(samples, SAMPLE_RATE, 1, samples.length)).catch(() => undefined);
    this.#sent += samples.length;
    this.#recent.copyWithin(0, samples.length);
    this.#recent.set(samples, this.#recent.length - samples.length);
    if (isAudible(samples)) {
      this.#playedOutAtMs = performance.now() + this.source.queuedDuration + PLAYOUT_DELAY_MS;
    }
  }
}
