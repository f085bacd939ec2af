import { Room, RoomEvent } from '@livekit/rtc-node';

import { followAgent, receiveInterruptions } from '../livekit/agent.ts';
import { DataStreamAudioReceiver } from '../livekit/data-stream-audio-receiver.ts';
import { playToneWhileAlone } from '../livekit/demo-tone.ts';
import { outcomeOfDisconnect } from '../livekit/disconnect-outcome.ts';
import { requireUnencrypted, watchEncryption } from '../livekit/encryption.ts';
import { join } from '../livekit/join.ts';
import { MediaPublisher } from '../livekit/media-publisher.ts';
import { PlaybackReports } from '../livekit/playback-reports.ts';
import { assertPublicAddress } from '../livekit/ssrf-guard.ts';
import { TrackAudioReceiver } from '../livekit/track-audio-receiver.ts';
import type { EndReason, Outcome, Progress } from '../runtime.ts';
import { Face } from './face/face.ts';
import { runFrameLoop } from './frame-loop.ts';
import type { StartMessage } from './ipc.ts';
import { MediaClock } from './media-clock.ts';
import { PerformanceError } from './performance-error.ts';
import { SAMPLE_RATE } from './speech/pcm.ts';
import { PlaybackQueue } from './speech/playback-queue.ts';
import { withTimeout } from './with-timeout.ts';

const FRAMES_PER_SECOND = 25;
const FRAME_MS = 1000 / FRAMES_PER_SECOND;
const SAMPLES_PER_FRAME = SAMPLE_RATE / FRAMES_PER_SECOND;
/** How long the avatar may finish its speech while it drains. */
const DRAIN_TIMEOUT_MS = 20_000;
/** How long sending the last reports may take before the room is left. */
const FAREWELL_MS = 500;
const FAREWELL_SHARE = 0.1;

/** One avatar in one room, from joining it to leaving it. */
export class Avatar {
  /** Resolves when the room has been left. Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #start: StartMessage;
  readonly #onChange: () => void;
  readonly #room = new Room();
  readonly #publisher = new MediaPublisher();
  readonly #speech = new PlaybackQueue(this.#publisher.audio);
  readonly #reports = new PlaybackReports(this.#room);
  readonly #clock = new MediaClock();
  readonly #leaving = new AbortController();
  readonly #startedAt = new Date();
  #joinedAt: Date | null = null;
  #firstFrameAt: Date | null = null;
  /** When the avatar begins to leave because of the maximum duration of the session, by the monotonic clock. */
  #leaveAtMs = Infinity;
  #frames = 0;
  #ending: EndReason | undefined;
  #drainDeadline: number | null = null;
  #reachable = true;
  #failure: PerformanceError | null = null;

  constructor(start: StartMessage, onChange: () => void) {
    this.#start = start;
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
    const { assignment, portrait, allowPrivateAddresses } = this.#start;
    const { session, worker_token: token } = assignment;
    const { transport } = session;
    if (transport.type !== 'livekit' || token === null) {
      throw new PerformanceError('runtime.error', 'This runtime joins LiveKit rooms.');
    }
    const face = await Face.create(
      session.avatar_id,
      portrait && { picture: portrait, landmarks: assignment.portrait_landmarks },
    );
    if (!allowPrivateAddresses) await assertPublicAddress(transport.url);
    this.#followConnection();
    followAgent(this.#room, this.#leaving.signal, () => this.#end('agent.left'));
    watchEncryption(this.#room, (error) => {
      // A participant must not end a session that runs; its encrypted track is not heard.
      if (this.#firstFrameAt === null) this.#fail(error);
    });
    // Registered before joining: a stream without a handler is lost.
    const receiver =
      transport.audio_source === 'data_stream'
        ? new DataStreamAudioReceiver(this.#room, this.#speech, this.#reports)
        : new TrackAudioReceiver(this.#room, this.#speech, transport.subscribe_to_identity);
    receiveInterruptions(this.#room, () => {
      receiver.discard();
      this.#speech.interrupt();
    });
    const participant = await join(this.#room, transport.url, token);
    this.#joinedAt = new Date();
    requireUnencrypted(this.#room);
    if (receiver instanceof TrackAudioReceiver) receiver.subscribeToFirst();
    await this.#publisher.publish(participant);
    if (transport.synthetic_audio_if_no_input) {
      playToneWhileAlone(this.#room, this.#speech, this.#leaving.signal);
    }
    await runFrameLoop(FRAME_MS, this.#leaving.signal, () => this.#sendFrame(face));
  }

  #sendFrame(face: Face): void {
    if (this.#reachable) {
      const { audio } = this.#publisher;
      audio.fill(this.#speech);
      this.#publisher.sendPicture(face.draw(performance.now(), audio.shown(SAMPLES_PER_FRAME)));
      this.#speech.finishPlayed();
      this.#frames += 1;
      this.#clock.step();
      if (this.#firstFrameAt === null) {
        this.#firstFrameAt = new Date();
        const maxMs = this.#start.assignment.session.max_duration_seconds * 1000;
        this.#leaveAtMs = performance.now() + maxMs - Math.min(FAREWELL_MS, maxMs * FAREWELL_SHARE);
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
      const isDone = this.#speech.isDone && this.#publisher.audio.isPlayedOut;
      if (isDone || performance.now() > this.#drainDeadline) this.#leaving.abort();
    } else if (this.#reachable && this.#speech.idleMs >= idleTimeoutMs) {
      this.#end('session.idle');
    }
  }

  #end(reason: EndReason): void {
    this.#ending ??= reason;
    this.#leaving.abort();
  }

  #fail(error: PerformanceError): void {
    this.#failure ??= error;
    this.#leaving.abort();
  }

  /** LiveKit reconnects automatically. Frames are neither sent nor counted in the meantime. */
  #followConnection(): void {
    this.#room.on(RoomEvent.Reconnecting, () => {
      this.#reachable = false;
      this.#clock.stop();
    });
    this.#room.on(RoomEvent.Reconnected, () => {
      this.#reachable = true;
      // No audio could arrive in the meantime.
      this.#speech.markActive();
    });
    this.#room.on(RoomEvent.Disconnected, (reason) => {
      if (this.#leaving.signal.aborted) return;
      const outcome = outcomeOfDisconnect(reason);
      if (outcome instanceof PerformanceError) this.#fail(outcome);
      else this.#end(outcome);
    });
  }

  #aborted(): Promise<void> {
    return new Promise((resolve) => {
      this.#leaving.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #leave(): Promise<void> {
    // Each utterance is reported, also the ones that are cut off.
    this.#speech.close();
    this.#speech.interrupt();
    await withTimeout(FAREWELL_MS, this.#reports.settled()).catch(() => undefined);
    await this.#room.disconnect().catch(() => undefined);
    await this.#publisher.close().catch(() => undefined);
  }
}

function asPerformanceError(error: unknown): PerformanceError {
  if (error instanceof PerformanceError) return error;
  return new PerformanceError('runtime.error', 'The runtime failed to draw or publish the avatar.');
}
