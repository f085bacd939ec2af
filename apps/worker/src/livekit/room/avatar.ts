import { Room, RoomEvent } from '@livekit/rtc-node';

import type { EndReason, Outcome, Progress } from '../../runtime.ts';
import { Face } from '../face/face.ts';
import type { Engagement } from '../ipc.ts';
import { hearDataStreams } from '../speech/data-stream-audio-receiver.ts';
import { loudness, SAMPLE_RATE } from '../speech/pcm.ts';
import { Speech } from '../speech/playback-queue.ts';
import { playToneWhileAlone } from '../speech/demo-tone.ts';
import { hearTrack } from '../speech/track-audio-receiver.ts';
import { refusePrivateAddresses } from './ssrf-guard.ts';
import { Broadcast } from './media-publisher.ts';
import { departure } from './disconnect-error.ts';
import { join } from './join.ts';
import { MediaClock } from './media-clock.ts';
import { RoomError } from './room-error.ts';
import { everyTick } from './frame-loop.ts';

const FRAMES_PER_SECOND = 25;
const FRAME_MS = 1000 / FRAMES_PER_SECOND;
const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;
/** What is still being said when it has to go may be finished for so long. */
const DRAIN_MS = 20_000;

/** One avatar in one room, from joining to leaving. */
export class Avatar {
  /** Settles when the room has been left. Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #engagement: Engagement;
  readonly #changed: () => void;
  readonly #room = new Room();
  readonly #speech: Speech;
  readonly #broadcast = new Broadcast();
  readonly #clock = new MediaClock();
  readonly #leaving = new AbortController();
  readonly #startedAt = new Date();
  #firstFrameAt: Date | null = null;
  #frames = 0;
  #ending: EndReason | undefined;
  #drainUntil: number | null = null;
  #reachable = true;
  #failure: RoomError | null = null;

  constructor(engagement: Engagement, changed: () => void) {
    this.#engagement = engagement;
    this.#changed = changed;
    this.#speech = new Speech(() => this.#broadcast.silence());
    this.outcome = this.#perform();
  }

  progress(): Progress {
    return {
      startedAt: this.#startedAt,
      firstFrameAt: this.#firstFrameAt,
      frames: this.#frames,
      mediaMs: this.#clock.elapsedMs,
      ...(this.#ending !== undefined && { ending: this.#ending }),
    };
  }

  /** Finishes what is being said, takes in nothing new, and leaves. */
  drain(): void {
    // Whom nobody has seen yet need not appear.
    if (this.#firstFrameAt === null) this.#leaving.abort();
    this.#drainUntil ??= performance.now() + DRAIN_MS;
    this.#speech.close();
  }

  /** Leaves at once. */
  abort(): void {
    this.#leaving.abort();
  }

  async #perform(): Promise<Outcome> {
    try {
      await Promise.race([this.#beInRoom(), this.#aborted()]);
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

  async #beInRoom(): Promise<void> {
    const { assignment, portrait, allowPrivateAddresses } = this.#engagement;
    const { session, worker_token: token } = assignment;
    const { transport } = session;
    if (transport.type !== 'livekit')
      throw new RoomError('runtime.error', 'This runtime joins LiveKit rooms.');
    const face = await Face.of(session.avatar_id, portrait);
    if (!allowPrivateAddresses) await refusePrivateAddresses(transport.url);
    this.#followConnection();
    const self = await join(this.#room, transport.url, token);
    if (transport.audio_source === 'data_stream') hearDataStreams(this.#room, self, this.#speech);
    else hearTrack(this.#room, this.#speech, transport.subscribe_to_identity);
    await this.#broadcast.publish(self);
    if (transport.synthetic_audio_if_no_input) {
      playToneWhileAlone(this.#room, this.#speech, this.#leaving.signal);
    }
    await everyTick(FRAME_MS, this.#leaving.signal, () => this.#tick(face));
  }

  #tick(face: Face): void {
    if (this.#reachable) {
      const samples = this.#speech.take(SAMPLES_PER_FRAME);
      this.#broadcast.send(face.draw(performance.now(), loudness(samples)), samples);
      this.#frames += 1;
      this.#clock.step();
      if (this.#firstFrameAt === null) {
        this.#firstFrameAt = new Date();
        // Nobody can be silent before there is somebody to speak to.
        this.#speech.heardNow();
        this.#changed();
      }
    }
    this.#leaveWhenOver();
  }

  #leaveWhenOver(): void {
    if (this.#drainUntil !== null) {
      const isOver = this.#speech.isOver && this.#broadcast.isHeard;
      if (isOver || performance.now() > this.#drainUntil) this.#leaving.abort();
      return;
    }
    const idleMs = this.#engagement.assignment.session.idle_timeout_seconds * 1000;
    if (this.#speech.silentForMs >= idleMs) {
      this.#ending = 'session.idle';
      this.#leaving.abort();
    }
  }

  /** LiveKit reconnects by itself; what cannot be delivered meanwhile is not counted. */
  #followConnection(): void {
    this.#room.on(RoomEvent.Reconnecting, () => {
      this.#reachable = false;
      this.#clock.stop();
    });
    this.#room.on(RoomEvent.Reconnected, () => {
      this.#reachable = true;
    });
    this.#room.on(RoomEvent.Disconnected, (reason) => {
      if (!this.#leaving.signal.aborted) this.#failure ??= departure(reason);
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
    await this.#broadcast.close().catch(() => undefined);
  }
}

function asRoomError(error: unknown): RoomError {
  if (error instanceof RoomError) return error;
  return new RoomError('runtime.error', 'The runtime failed to draw or to publish the avatar.');
}
