import type { MediaRecord } from '@greenroom/media-protocol';

import { isPlayable, MAX_CHANNELS, RATES, type AudioFormat } from '../avatar/speech/audio-format.ts';
import type { AudioSegment } from '../avatar/speech/audio-segment.ts';
import { decodeMono } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import { Resampler } from '../avatar/speech/resampler.ts';
import { ClientAudioError } from './client-audio-error.ts';

/** Receives the speech of a client: an utterance lasts from its first audio to a flush or an interruption. */
export class ClientAudioReceiver {
  readonly #queue: PlaybackQueue;
  /** Whether audio of this utterance was rejected. Only the first rejection is sent to the client. */
  #isRefused = false;
  #utterance: { segment: AudioSegment; resampler: Resampler; format: AudioFormat } | null = null;

  constructor(queue: PlaybackQueue) {
    this.#queue = queue;
  }

  /** @throws {ClientAudioError} when the audio cannot be played */
  receive(header: MediaRecord['header'], blob: Uint8Array): void {
    const samples = decode(header, blob);
    if (samples.length === 0) return;
    const utterance = this.#utteranceIn(formatOf(header));
    const parts = utterance?.resampler.convert(samples) ?? [];
    // `every` alone would stop writing at the first rejected part.
    const isAccepted = parts.map((part) => utterance?.segment.write(part)).every(Boolean);
    if (utterance === null || !isAccepted) this.#refuse();
  }

  /**
   * Receives the audio that the avatar hears. It is not played, but counts as activity.
   *
   * @throws {ClientAudioError} when it is not audio
   */
  receiveHeard(header: MediaRecord['header'], blob: Uint8Array): void {
    if (decode(header, blob).length > 0) this.#queue.markActive();
  }

  /** Ends the utterance. */
  flush(): void {
    this.#isRefused = false;
    if (this.#utterance === null) return;
    const { segment, resampler } = this.#utterance;
    for (const part of resampler.flush()) segment.write(part);
    segment.complete();
    this.discard();
  }

  /** Drops the utterance, which the queue ends. */
  discard(): void {
    this.#isRefused = false;
    this.#utterance?.resampler.close();
    this.#utterance = null;
  }

  /** Returns the utterance that audio belongs to; null when there is no space for another. */
  #utteranceIn(format: AudioFormat): { segment: AudioSegment; resampler: Resampler } | null {
    const current = this.#utterance;
    if (current !== null && !current.segment.isClosed && current.format.rate === format.rate) return current;
    if (current !== null) this.flush();
    const segment = this.#queue.startSegment();
    if (segment === null) return null;
    this.#utterance = { segment, resampler: new Resampler(format.rate), format };
    return this.#utterance;
  }

  #refuse(): void {
    if (this.#isRefused) return;
    this.#isRefused = true;
    throw new ClientAudioError(
      'audio.buffer_full',
      'Too much speech is waiting to be played, or the session is ending. Send speech closer to real time.',
    );
  }
}

function formatOf({ sample_rate: rate, num_channels: channels = 1 }: MediaRecord['header']): AudioFormat {
  if (typeof rate === 'number' && typeof channels === 'number' && isPlayable({ rate, channels })) {
    return { rate, channels };
  }
  throw new ClientAudioError(
    'audio.invalid_format',
    `sample_rate must be an integer from ${RATES.min} to ${RATES.max}, in hertz, and num_channels from 1 to ${MAX_CHANNELS}.`,
  );
}

function decode(header: MediaRecord['header'], blob: Uint8Array): Int16Array<ArrayBuffer> {
  const { channels } = formatOf(header);
  if (blob.length % (2 * channels) !== 0) {
    throw new ClientAudioError(
      'audio.invalid_length',
      `Audio has 2 bytes per sample and channel: a multiple of ${2 * channels} bytes here. This record has ${blob.length}.`,
    );
  }
  return decodeMono(Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength), channels);
}
