import { setTimeout as delay } from 'node:timers/promises';

import type { Assignment, EndReason, Outcome, Progress } from '../runtime.ts';
import { Face } from './face/face.ts';
import { MediaClock } from './media-clock.ts';
import { PerformanceError } from './performance-error.ts';
import { SAMPLE_RATE } from './speech/pcm.ts';
import { PlaybackQueue } from './speech/playback-queue.ts';
import type { Transport, TransportEvents } from './transport.ts';

const FRAMES_PER_SECOND = 25;
const FRAME_MS = 1000 / FRAMES_PER_SECOND;
const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;
/** How long the avatar may finish its speech while it drains. */
const DRAIN_TIMEOUT_MS = 20_000;
/** The avatar starts to leave this long before the maximum duration, or by this share of a short duration. */
const LEAVE_MARGIN_MS = 1_000;
const LEAVE_MARGIN_SHARE = 0.1;
/** The limit for leaving; at the maximum duration, half of the margin. */
const LEAVE_TIMEOUT_MS = 10_000;

/** The session that an avatar performs. Contains the customer's token: never log it. */
export interface AvatarStart {
  assignment: Assignment;
  /** Null for a stock avatar. */
  portrait: Uint8Array | null;
  /** Whether to join LiveKit servers on private addresses. */
  allowPrivateAddresses: boolean;
}

/** One avatar, from joining its audience to leaving it. */
export class Avatar {
  /** Resolves when the transport was left. Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #start: AvatarStart;
  readonly #onChange: () => void;
  readonly #transport: Transport;
  readonly #speech: PlaybackQueue;
  readonly #clock = new MediaClock();
  readonly #draining = new AbortController();
  readonly #leaving = new AbortController();
  readonly #startedAt = new Date();
  #joinedAt: Date | null = null;
  #firstFrameAt: Date | null = null;
  /** When the avatar begins to leave because of the maximum duration of the session, by the monotonic clock. */
  #leaveAtMs = Infinity;
  /** When the avatar must have left because of the maximum duration, by the same clock. */
  #leftByMs = Infinity;
  #frames = 0;
  #ending: EndReason | undefined;
  #drainDeadline: number | null = null;
  #isDrained = false;
  #reachable = true;
  #failure: PerformanceError | null = null;

  constructor(start: AvatarStart, transport: Transport, onChange: () => void) {
    this.#start = start;
    this.#transport = transport;
    this.#speech = new PlaybackQueue(transport.audio);
    this.#onChange = onChange;
    this.outcome = this.#run();
  }

  progress(): Progress {
    return {
      startedAt: this.#startedAt,
      joinedAt: this.#joinedAt,
      firstFrameAt: this.#firstFrameAt,
      frames: this.#frames,
      mediaMs: this.#clock.elapsedMs,
      ...(this.#ending !== undefined && { ending: this.#ending }),
    };
  }

  /** Accepts no more speech, finishes the queue, and leaves. */
  drain(): void {
    // Nothing was published yet, so leave without appearing.
    if (this.#firstFrameAt === null) this.#leaving.abort();
    this.#drainDeadline ??= performance.now() + DRAIN_TIMEOUT_MS;
    this.#speech.close();
    this.#draining.abort();
  }

  /** Leaves at once. */
  abort(): void {
    this.#leaving.abort();
  }

  async #run(): Promise<Outcome> {
    try {
      await Promise.race([this.#perform(), this.#aborted()]);
    } catch (error) {
      this.#failure ??= asPerformanceError(error);
    } finally {
      this.#leaving.abort();
      this.#clock.stop();
      await this.#leave();
    }
    if (this.#failure !== null) {
      const { code, message } = this.#failure;
      return { state: 'failed', failure: { code, message } };
    }
    return { state: 'ended', ...(this.#ending !== undefined && { reason: this.#ending }) };
  }

  async #perform(): Promise<void> {
    const { assignment, portrait } = this.#start;
    const face = await Face.create(
      assignment.session.avatar_id,
      portrait && { image: portrait, landmarks: assignment.portrait_landmarks },
    );
    await this.#transport.connect(this.#speech, this.#events());
    await runFrameLoop(FRAME_MS, this.#leaving.signal, () => this.#sendFrame(face));
  }

  #events(): TransportEvents {
    return {
      draining: this.#draining.signal,
      leaving: this.#leaving.signal,
      isRunning: () => this.#firstFrameAt !== null,
      joined: () => {
        this.#joinedAt ??= new Date();
      },
      disconnected: () => {
        this.#reachable = false;
        this.#clock.stop();
      },
      reconnected: () => {
        this.#reachable = true;
      },
      end: (reason) => this.#end(reason),
      fail: (error) => {
        this.#failure ??= error;
        this.#leaving.abort();
      },
    };
  }

  #sendFrame(face: Face): void {
    if (this.#reachable) {
      const { audio } = this.#transport;
      audio.fill(this.#speech);
      const pixels = face.draw(performance.now(), audio.shown(SAMPLES_PER_FRAME));
      this.#transport.sendFrame(pixels, face.version);
      this.#speech.finishPlayed();
      this.#frames += 1;
      this.#clock.step();
      if (this.#firstFrameAt === null) {
        this.#firstFrameAt = new Date();
        const maxMs = this.#start.assignment.session.max_duration_seconds * 1000;
        const marginMs = Math.min(LEAVE_MARGIN_MS, maxMs * LEAVE_MARGIN_SHARE);
        this.#leaveAtMs = performance.now() + maxMs - marginMs;
        this.#leftByMs = this.#leaveAtMs + marginMs / 2;
        // The idle timer starts at the first frame.
        this.#speech.markActive();
        this.#onChange();
      }
    }
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    const idleTimeoutMs = this.#start.assignment.session.idle_timeout_seconds * 1000;
    if (performance.now() >= this.#leaveAtMs) {
      this.#end('session.max_duration');
    } else if (this.#drainDeadline !== null) {
      this.#isDrained = this.#speech.isDone && this.#transport.audio.isPlayedOut;
      if (this.#isDrained || performance.now() > this.#drainDeadline) this.#leaving.abort();
    } else if (this.#reachable && this.#speech.idleMs >= idleTimeoutMs) {
      this.#end('session.idle');
    }
  }

  #end(reason: EndReason): void {
    this.#ending ??= reason;
    this.#leaving.abort();
  }

  #aborted(): Promise<void> {
    return new Promise((resolve) => {
      this.#leaving.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #leave(): Promise<void> {
    // Every utterance is reported, even one that is cut off.
    this.#speech.close();
    this.#speech.interrupt();
    const timeoutMs = Math.max(0, Math.min(LEAVE_TIMEOUT_MS, this.#leftByMs - performance.now()));
    await this.#transport.leave({ isDrained: this.#isDrained, timeoutMs });
  }
}

function asPerformanceError(error: unknown): PerformanceError {
  if (error instanceof PerformanceError) return error;
  return new PerformanceError('runtime.error', 'The runtime failed to draw or publish the avatar.');
}

/** Calls `onFrame` every `intervalMs` milliseconds without drift until the signal aborts. Skips frames that are missed. */
async function runFrameLoop(intervalMs: number, signal: AbortSignal, onFrame: () => void): Promise<void> {
  let next = performance.now();
  while (!signal.aborted) {
    onFrame();
    next += intervalMs;
    const remainingMs = next - performance.now();
    if (remainingMs < -intervalMs) next = performance.now();
    await delay(Math.max(0, remainingMs), undefined, { signal }).catch(() => undefined);
  }
}
