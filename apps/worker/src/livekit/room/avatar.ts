import { Room, RoomEvent } from '@livekit/rtc-node';

import type { EndReason, Outcome, Progress } from '../../runtime.ts';
import { Face } from '../face/face.ts';
import type { StartMessage } from '../ipc.ts';
import { receiveDataStreams } from '../speech/data-stream-audio-receiver.ts';
import { playToneWhileAlone } from '../speech/demo-tone.ts';
import { loudness, SAMPLE_RATE } from '../speech/pcm.ts';
import { PlaybackQueue } from '../speech/playback-queue.ts';
import { receiveTrack } from '../speech/track-audio-receiver.ts';
import { outcomeOfDisconnect } from './disconnect-outcome.ts';
import { runFrameLoop } from './frame-loop.ts';
import { join } from './join.ts';
import { MediaClock } from './media-clock.ts';
import { MediaPublisher } from './media-publisher.ts';
import { RoomError } from './room-error.ts';
import { assertPublicAddress } from './ssrf-guard.ts';

const FRAMES_PER_SECOND = 25;
const FRAME_MS = 1000 / FRAMES_PER_SECOND;
const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;
/** How long the avatar may finish its speech while it drains. */
const DRAIN_TIMEOUT_MS = 20_000;

/** One avatar in one room, from joining it to leaving it. */
export class Avatar {
  /** Resolves when the room has been left. Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #start: StartMessage;
  readonly #onChange: () => void;
  readonly #room = new Room();
  readonly #speech: PlaybackQueue;
  readonly #publisher = new MediaPublisher();
  readonly #clock = new MediaClock();
  readonly #leaving = new AbortController();
  readonly #startedAt = new Date();
  #joinedAt: Date | null = null;
  #firstFrameAt: Date | null = null;
  /** When the session reaches its maximum duration, by the monotonic clock. */
  #leaveAtMs = Infinity;
  #frames = 0;
  #ending: EndReason | undefined;
  #drainDeadline: number | null = null;
  #reachable = true;
  #failure: RoomError | null = null;

  constructor(start: StartMessage, onChange: () => void) {
    this.#start = start;
    this.#onChange = onChange;
    this.#speech = new PlaybackQueue(() => this.#publisher.clearAudio());
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

  /** Accepts no more speech, finishes what is queued, and leaves. */
  drain(): void {
    // Nothing was published yet, so leave without appearing.
    if (this.#firstFrameAt === null) this.#leaving.abort();
    this.#drainDeadline ??= performance.now() + DRAIN_TIMEOUT_MS;
    this.#speech.close();
  }

  /** Leaves at once. */
  abort(): void {
    this.#leaving.abort();
  }

  async #run(): Promise<Outcome> {
    try {
      await Promise.race([this.#perform(), this.#aborted()]);
    } catch (error) {
      this.#failure ??= asRoomError(error);
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
    const { assignment, portrait, allowPrivateAddresses } = this.#start;
    const { session, worker_token: token } = assignment;
    const { transport } = session;
    if (transport.type !== 'livekit') {
      throw new RoomError('runtime.error', 'This runtime joins LiveKit rooms.');
    }
    const face = await Face.create(
      session.avatar_id,
      portrait && { picture: portrait, landmarks: assignment.portrait_landmarks },
    );
    if (!allowPrivateAddresses) await assertPublicAddress(transport.url);
    this.#followConnection();
    const participant = await join(this.#room, transport.url, token);
    this.#joinedAt = new Date();
    if (transport.audio_source === 'data_stream') receiveDataStreams(this.#room, participant, this.#speech);
    else receiveTrack(this.#room, this.#speech, transport.subscribe_to_identity);
    await this.#publisher.publish(participant);
    if (transport.synthetic_audio_if_no_input) {
      playToneWhileAlone(this.#room, this.#speech, this.#leaving.signal);
    }
    await runFrameLoop(FRAME_MS, this.#leaving.signal, () => this.#sendFrame(face));
  }

  #sendFrame(face: Face): void {
    if (this.#reachable) {
      const samples = this.#speech.take(SAMPLES_PER_FRAME);
      this.#publisher.send(face.draw(performance.now(), loudness(samples)), samples);
      this.#frames += 1;
      this.#clock.step();
      if (this.#firstFrameAt === null) {
        this.#firstFrameAt = new Date();
        this.#leaveAtMs = performance.now() + this.#start.assignment.session.max_duration_seconds * 1000;
        // The idle timer starts at the first frame.
        this.#speech.markActive();
        this.#onChange();
      }
    }
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (performance.now() >= this.#leaveAtMs) {
      this.#ending ??= 'session.max_duration';
      this.#leaving.abort();
      return;
    }
    if (this.#drainDeadline !== null) {
      const isDone = this.#speech.isDone && this.#publisher.isPlayedOut;
      if (isDone || performance.now() > this.#drainDeadline) this.#leaving.abort();
      return;
    }
    const idleTimeoutMs = this.#start.assignment.session.idle_timeout_seconds * 1000;
    if (this.#speech.idleMs >= idleTimeoutMs) {
      this.#ending = 'session.idle';
      this.#leaving.abort();
    }
  }

  /** LiveKit reconnects automatically. Frames are neither sent nor counted in the meantime. */
  #followConnection(): void {
    this.#room.on(RoomEvent.Reconnecting, () => {
      this.#reachable = false;
      this.#clock.stop();
    });
    this.#room.on(RoomEvent.Reconnected, () => {
      this.#reachable = true;
    });
    this.#room.on(RoomEvent.Disconnected, (reason) => {
      if (this.#leaving.signal.aborted) return;
      const outcome = outcomeOfDisconnect(reason);
      if (outcome instanceof RoomError) this.#failure ??= outcome;
      else this.#ending ??= outcome;
      this.#leaving.abort();
    });
  }

  #aborted(): Promise<void> {
    return new Promise((resolve) => {
      this.#leaving.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #leave(): Promise<void> {
    await this.#room.disconnect().catch(() => undefined);
    await this.#publisher.close().catch(() => undefined);
  }
}

function asRoomError(error: unknown): RoomError {
  if (error instanceof RoomError) return error;
  return new RoomError('runtime.error', 'The runtime failed to draw or publish the avatar.');
}
