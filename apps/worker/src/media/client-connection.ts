import {
  decodeRecord,
  encodeRecord,
  MediaProtocolError,
  RecordType,
  type MediaRecord,
} from '@greenroom/media-protocol';
import type { RawData, WebSocket } from 'ws';

import { FACE_SIZE } from '../avatar/face/face-size.ts';
import { ClientAudioError } from './client-audio-error.ts';
import { OUTPUT_RATE } from './record-audio-output.ts';

/** Maximum size of a client's record, in bytes: 1 MiB after the length field, and the field. */
const MAX_CLIENT_RECORD_BYTES = 1024 * 1024;
export const MAX_CLIENT_MESSAGE_BYTES = MAX_CLIENT_RECORD_BYTES + 4;

/** A client that has not read this many bytes gets no video frames until it has: about three. */
const BEHIND_BYTES = 48 * 1024;
/** Ten seconds of audio on top. A client that has not read these is disconnected. */
const MAX_UNREAD_BYTES = BEHIND_BYTES + 10 * OUTPUT_RATE * 2;
const PING_INTERVAL_MS = 5_000;
/** How long a client has to respond when another one wants to take its place. */
const PROBE_TIMEOUT_MS = 2_000;
/** A client that makes more errors than this is disconnected. */
const MAX_ERRORS = 100;

/** Codes of RFC 6455, 7.4.1. */
const CLOSE_NORMAL = 1000;
const CLOSE_PROTOCOL_ERROR = 1002;
const CLOSE_UNSUPPORTED_DATA = 1003;
const CLOSE_POLICY_VIOLATION = 1008;

/** The events of a client. Handlers of audio throw `ClientAudioError`. */
export interface ClientEvents {
  audio: (header: MediaRecord['header'], blob: Uint8Array) => void;
  listenAudio: (header: MediaRecord['header'], blob: Uint8Array) => void;
  flush: () => void;
  interrupt: () => void;
  close: () => void;
  /** The connection was closed, by either side. */
  closed: () => void;
}

/** The connection of one client: reads its records, and sends it video and audio within bounds. */
export class ClientConnection {
  readonly #socket: WebSocket;
  readonly #events: ClientEvents;
  readonly #pingTimer: NodeJS.Timeout;
  readonly #closed: Promise<void>;
  #isAlive = true;
  #probeTimer: NodeJS.Timeout | undefined;
  /** Whether something was sent since the probe began. */
  #hasSent = false;
  #errors = 0;
  #skipped = 0;

  constructor(socket: WebSocket, events: ClientEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: RawData, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on('pong', () => {
      this.#isAlive = true;
      this.#endProbe();
    });
    // Reported by `close`.
    socket.on('error', () => undefined);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(this.#pingTimer);
        this.#endProbe();
        resolve();
        events.closed();
      });
    });
  }

  /** Whether the client reads too slowly for video. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount > BEHIND_BYTES;
  }

  get hasUnread(): boolean {
    return this.#socket.bufferedAmount > 0;
  }

  sendReady(): void {
    this.#send(RecordType.ready, {
      ...{ width: FACE_SIZE, height: FACE_SIZE, encoding: 'jpeg' },
      ...{ sample_rate: OUTPUT_RATE, num_channels: 1 },
    });
  }

  sendFrame(jpeg: Uint8Array, index: number, timestampMs: number): void {
    this.#send(
      RecordType.video,
      {
        ...{ width: FACE_SIZE, height: FACE_SIZE, encoding: 'jpeg' },
        ...{ frame_index: index, timestamp_ms: timestampMs },
      },
      jpeg,
    );
  }

  /** Counts a video frame that was not sent. */
  skipFrame(): void {
    this.#skipped += 1;
  }

  /** Sends audio, whatever the client has not read yet. A client that is too far behind is disconnected. */
  sendAudio(pcm: Uint8Array, timestampMs: number): void {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) {
      this.#socket.terminate();
      return;
    }
    const header = { sample_rate: OUTPUT_RATE, num_channels: 1, timestamp_ms: timestampMs };
    this.#send(RecordType.audio, header, pcm);
  }

  sendMetrics(frames: number): void {
    if (this.isBehind) return;
    this.#send(RecordType.metrics, {
      frames,
      skipped_frames: this.#skipped,
      unread_bytes: this.#socket.bufferedAmount,
    });
  }

  /** Disconnects the client soon unless it responds or reads: its network may have changed, and it connects again. */
  probe(): void {
    if (this.#probeTimer !== undefined) return;
    // Sent data proves that the client reads only while the buffers of the system are full.
    const isFull = this.#socket.bufferedAmount > 0;
    this.#hasSent = false;
    this.#probeTimer = setTimeout(() => {
      this.#probeTimer = undefined;
      if (!isFull || !this.#hasSent) this.#socket.terminate();
    }, PROBE_TIMEOUT_MS);
    this.#socket.ping();
  }

  /** Closes the connection after all sent data. Resolves when it is closed, at the latest after `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.#socket.close(CLOSE_NORMAL);
    const timer = setTimeout(() => this.#socket.terminate(), timeoutMs);
    await this.#closed;
    clearTimeout(timer);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!isBinary || !Buffer.isBuffer(data)) {
      this.#sendError('record.not_binary', 'Records are binary messages. A text message was received.');
      this.#socket.close(CLOSE_UNSUPPORTED_DATA);
      return;
    }
    try {
      this.#dispatch(decodeRecord(data, MAX_CLIENT_RECORD_BYTES));
    } catch (error) {
      if (error instanceof MediaProtocolError) {
        this.#sendError(error.code, error.message);
        this.#socket.close(CLOSE_PROTOCOL_ERROR);
      } else if (error instanceof ClientAudioError) {
        this.#sendError(error.code, error.message);
        // Audio that arrives too late or too early is not a client error.
        if (error.code === 'audio.buffer_full') return;
        this.#errors += 1;
        if (this.#errors > MAX_ERRORS) this.#socket.close(CLOSE_POLICY_VIOLATION);
      } else {
        throw error;
      }
    }
  }

  #dispatch({ type, header, blob }: MediaRecord): void {
    switch (type) {
      case RecordType.audio:
        this.#events.audio(header, blob);
        break;
      case RecordType.listenAudio:
        this.#events.listenAudio(header, blob);
        break;
      case RecordType.flush:
        this.#events.flush();
        break;
      case RecordType.interrupt:
        this.#events.interrupt();
        break;
      case RecordType.close:
        this.#events.close();
        break;
      default:
        throw new MediaProtocolError('record.unknown_type', 'Only the worker sends records of this type.');
    }
  }

  #sendError(code: string, message: string): void {
    this.#send(RecordType.error, { code, message });
  }

  #send(type: RecordType, header: Record<string, unknown>, blob?: Uint8Array): void {
    this.#socket.send(encodeRecord(type, header, blob), (error) => {
      // On a slow network, a ping waits behind older data. Data that leaves shows that the client reads.
      if (!(error instanceof Error)) this.#isAlive = this.#hasSent = true;
      // An error of the connection is followed by its `close` event.
    });
  }

  #endProbe(): void {
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
  }

  #ping(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }
}
