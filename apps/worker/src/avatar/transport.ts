import type { EndReason } from '../runtime.ts';
import type { PerformanceError } from './performance-error.ts';
import type { Output, PlaybackQueue } from './speech/playback-queue.ts';

/** The signals that a transport gets from the avatar, and its notifications to it. */
export interface TransportEvents {
  /** Aborted when the avatar only finishes its speech. */
  readonly draining: AbortSignal;
  /** Aborted when the avatar leaves. */
  readonly leaving: AbortSignal;
  /** Whether the first frame was published. */
  isRunning(): boolean;
  joined(): void;
  /** The connection was lost and may come back. Frames are neither sent nor counted in the meantime. */
  disconnected(): void;
  reconnected(): void;
  end(reason: EndReason): void;
  fail(error: PerformanceError): void;
}

/** The destination of speech, and the source of the speech that the video shows. */
export interface AudioOutput extends Output {
  /** Sends the queue's audio for the time until the next frame. */
  fill(queue: PlaybackQueue): void;
  /** Returns the samples that the next video frame shows, at most `count`. */
  shown(count: number): Int16Array;
  /** Whether listeners have heard all speech that was sent. */
  readonly isPlayedOut: boolean;
}

export interface LeaveOptions {
  /** Whether the avatar has finished its speech, and a slow receiver gets the end of it. */
  isDrained: boolean;
  /** How long leaving may take. */
  timeoutMs: number;
}

/** Brings speech to the avatar, and video and audio to its audience. */
export interface Transport {
  readonly audio: AudioOutput;
  /**
   * Resolves when the audience can see the avatar. From then on, speech is written to the queue.
   *
   * @throws {PerformanceError}
   */
  connect(speech: PlaybackQueue, events: TransportEvents): Promise<void>;
  /** Sends a video frame: RGBA, `FACE_SIZE` squared. Frames with the same version are equal. */
  sendFrame(pixels: Uint8Array, version: number): void;
  /** Leaves, and resolves when it is done. Never rejects. */
  leave(options: LeaveOptions): Promise<void>;
}
