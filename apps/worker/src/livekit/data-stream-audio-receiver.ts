import { RoomEvent, type Room } from '@livekit/rtc-node';

import { isPlayable, type AudioFormat } from '../avatar/speech/audio-format.ts';
import type { AudioSegment } from '../avatar/speech/audio-segment.ts';
import { decodeMono } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import { Resampler } from '../avatar/speech/resampler.ts';
import { IN_FLIGHT_MS, isAccepted } from './agent.ts';
import type { PlaybackReports } from './playback-reports.ts';

/**
 * The protocol by which the LiveKit Agents framework sends speech to avatar workers (its `DataStreamAudioOutput`): byte
 * streams of 16-bit PCM, one for each utterance. Other clients keep one stream open.
 */
const TOPIC = 'lk.audio_stream';

/** Limits the memory that senders can use by opening streams without ending them. */
const MAX_STREAMS = 256;

/** The part of LiveKit's byte stream reader that is used here. */
interface ByteStream extends AsyncIterable<Uint8Array> {
  readonly info: { readonly attributes?: Record<string, string> | undefined };
  close(): Promise<void>;
}

/** Receives the speech of the agent in the room. Create it before joining: LiveKit drops streams without a handler. */
export class DataStreamAudioReceiver {
  readonly #queue: PlaybackQueue;
  readonly #reports: PlaybackReports;
  readonly #streams = new Map<SpeechStream, string>();

  constructor(room: Room, queue: PlaybackQueue, reports: PlaybackReports) {
    this.#queue = queue;
    this.#reports = reports;
    room.registerByteStreamHandler(TOPIC, (reader, { identity }) => {
      if (isAccepted(room, identity)) this.#receive(reader, identity);
      else this.#refuse(reader, identity);
    });
    // When a sender disconnects during a stream, the stream never ends.
    room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
      for (const stream of this.#streamsOf(identity)) stream.close();
    });
  }

  /** Drops all audio sent so far. Open streams are heard again from their next audio. */
  discard(): void {
    for (const stream of this.#streams.keys()) stream.discard();
  }

  #receive(reader: ByteStream, identity: string): void {
    const format = formatOf(reader);
    if (format === null || this.#streams.size >= MAX_STREAMS) {
      this.#refuse(reader, identity);
      return;
    }
    // The end of the previous stream may have been lost.
    for (const earlier of this.#streamsOf(identity)) earlier.supersede();
    const stream = new SpeechStream(reader, format, (onFinished, isFirst) =>
      // A rejected stream is reported once.
      isFirst || this.#queue.acceptsSegments ? this.#startUtterance(identity, onFinished) : null,
    );
    this.#streams.set(stream, identity);
    stream
      .receive()
      .finally(() => this.#streams.delete(stream))
      // An error of the stream ends its utterance and nothing else.
      .catch(() => undefined);
  }

  #startUtterance(identity: string, onFinished: () => void): AudioSegment | null {
    const report = this.#reports.open(identity);
    const segment = this.#queue.startSegment({
      onStarted: report.started,
      onFinished: (positionSeconds, interrupted) => {
        report.finished(positionSeconds, interrupted);
        onFinished();
      },
    });
    if (segment === null) report.finished(0, true);
    return segment;
  }

  #refuse(reader: ByteStream, identity: string): void {
    this.#reports.open(identity).finished(0, true);
    closeQuietly(reader);
  }

  #streamsOf(identity: string): SpeechStream[] {
    return [...this.#streams].filter(([, sender]) => sender === identity).map(([stream]) => stream);
  }
}

/** The audio of one byte stream: one utterance, and another one after each interruption or rejection. */
export class SpeechStream {
  readonly #reader: ByteStream;
  readonly #format: AudioFormat;
  readonly #startUtterance: (isFirst: boolean) => AudioSegment | null;
  /** Null while no more speech is accepted. */
  #utterance: AudioSegment | null;
  /** Holds the last samples that were written, until more follow. */
  #resampler: Resampler | null = null;
  #superseded = false;
  #discardUntilMs = 0;

  /**
   * `startUtterance` returns null when no more speech is accepted. The utterance calls `onFinished` when it has been
   * played or interrupted.
   */
  constructor(
    reader: ByteStream,
    format: AudioFormat,
    startUtterance: (onFinished: () => void, isFirst: boolean) => AudioSegment | null,
  ) {
    this.#reader = reader;
    this.#format = format;
    this.#startUtterance = (isFirst) => startUtterance(() => this.#closeIfSuperseded(), isFirst);
    this.#utterance = this.#startUtterance(true);
  }

  /** Reads the stream until it ends or is closed. Rejects when it breaks off. Ends the utterance in each case. */
  async receive(): Promise<void> {
    const bytesPerFrame = 2 * this.#format.channels;
    try {
      // Chunks may end in the middle of a sample.
      let rest = Buffer.alloc(0);
      for await (const chunk of this.#reader) {
        const pcm = Buffer.concat([rest, chunk]);
        const whole = pcm.length - (pcm.length % bytesPerFrame);
        rest = pcm.subarray(whole);
        if (whole > 0) this.#write(decodeMono(pcm.subarray(0, whole), this.#format.channels));
      }
    } finally {
      this.close();
    }
  }

  /** Drops all audio sent so far. */
  discard(): void {
    this.#discardUntilMs = performance.now() + IN_FLIGHT_MS;
  }

  /** Ends the utterance and stops reading. A stream whose end was lost would stay open otherwise. */
  close(): void {
    this.#flush();
    this.#utterance?.complete();
    closeQuietly(this.#reader);
  }

  /** Ends the utterance when no more of it arrives. When it has finished, the stream is closed. */
  supersede(): void {
    this.#flush();
    this.#superseded = true;
    if (this.#utterance?.isClosed === false) this.#utterance.supersede();
    else this.close();
  }

  #closeIfSuperseded(): void {
    if (this.#superseded) this.close();
  }

  #write(samples: Int16Array<ArrayBuffer>): void {
    if (performance.now() < this.#discardUntilMs) return;
    if (this.#utterance === null || this.#utterance.isClosed) {
      this.#flush();
      this.#utterance = this.#startUtterance(false);
    }
    this.#resampler ??= new Resampler(this.#format.rate);
    for (const part of this.#resampler.convert(samples)) this.#utterance?.write(part);
  }

  /** Writes the samples left in the resampler. An utterance that has ended ignores them. */
  #flush(): void {
    for (const part of this.#resampler?.flush() ?? []) this.#utterance?.write(part);
    this.#resampler?.close();
    this.#resampler = null;
  }
}

/** Returns null when the audio cannot be played. */
function formatOf({ info }: ByteStream): AudioFormat | null {
  const rate = Number(info.attributes?.['sample_rate']);
  const channels = Number(info.attributes?.['num_channels'] ?? 1);
  return isPlayable({ rate, channels }) ? { rate, channels } : null;
}

/** Closes a stream. Does nothing when the stream is closed already, or its sender has closed or broken it off. */
function closeQuietly(reader: ByteStream): void {
  reader.close().catch(() => undefined);
}
