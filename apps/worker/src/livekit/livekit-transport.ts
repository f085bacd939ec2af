import { Room, RoomEvent } from '@livekit/rtc-node';

import type { AvatarStart } from '../avatar/avatar.ts';
import { PerformanceError } from '../avatar/performance-error.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import type { LeaveOptions, Transport, TransportEvents } from '../avatar/transport.ts';
import { withTimeout } from '../avatar/with-timeout.ts';
import { followAgent, receiveInterruptions } from './agent.ts';
import type { SourceAudioOutput } from './audio-output.ts';
import { DataStreamAudioReceiver } from './data-stream-audio-receiver.ts';
import { playToneWhileAlone } from './demo-tone.ts';
import { outcomeOfDisconnect } from './disconnect-outcome.ts';
import { isEncryptedRoom, requireUnencrypted, watchEncryption } from './encryption.ts';
import { join } from './join.ts';
import { MediaPublisher } from './media-publisher.ts';
import { PlaybackReports } from './playback-reports.ts';
import { assertPublicAddress } from './ssrf-guard.ts';
import { TrackAudioReceiver } from './track-audio-receiver.ts';

/** How long sending the last reports may take before the room is left. */
const FINAL_REPORTS_TIMEOUT_MS = 500;

/** Joins a LiveKit room and publishes the avatar's tracks there. */
export class LiveKitTransport implements Transport {
  readonly #start: AvatarStart;
  readonly #room = new Room();
  readonly #publisher = new MediaPublisher();
  readonly #reports = new PlaybackReports(this.#room);

  constructor(start: AvatarStart) {
    this.#start = start;
  }

  get audio(): SourceAudioOutput {
    return this.#publisher.audio;
  }

  async connect(speech: PlaybackQueue, events: TransportEvents): Promise<void> {
    const { assignment, allowPrivateAddresses } = this.#start;
    const { transport } = assignment.session;
    if (transport.type !== 'livekit' || assignment.worker_token === null) {
      throw new PerformanceError('runtime.error', 'The assignment has no room.');
    }
    if (!allowPrivateAddresses) await assertPublicAddress(transport.url);
    this.#followConnection(speech, events);
    followAgent(this.#room, events.leaving, () => events.end('agent.left'));
    watchEncryption(this.#room, (error) => {
      // One participant must not end a session that others can see; its encrypted track is not heard.
      if (!events.isRunning() || isEncryptedRoom(this.#room)) events.fail(error);
    });
    // Registered before joining: a stream without a handler is lost.
    const receiver =
      transport.audio_source === 'data_stream'
        ? new DataStreamAudioReceiver(this.#room, speech, this.#reports)
        : new TrackAudioReceiver(this.#room, speech, transport.subscribe_to_identity);
    receiveInterruptions(this.#room, () => {
      receiver.discard();
      speech.interrupt();
    });
    const participant = await join(this.#room, transport.url, assignment.worker_token);
    events.joined();
    requireUnencrypted(this.#room);
    if (receiver instanceof TrackAudioReceiver) receiver.subscribeToFirst();
    await this.#publisher.publish(participant);
    if (transport.synthetic_audio_if_no_input) playToneWhileAlone(this.#room, speech, events.leaving);
  }

  sendFrame(pixels: Uint8Array): void {
    this.#publisher.sendFrame(pixels);
  }

  async leave({ timeoutMs }: LeaveOptions): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    const reportsMs = Math.min(FINAL_REPORTS_TIMEOUT_MS, timeoutMs / 2);
    await withTimeout(reportsMs, this.#reports.settled()).catch(() => undefined);
    await withTimeout(deadlineMs - performance.now(), this.#room.disconnect()).catch(() => undefined);
    await this.#publisher.close().catch(() => undefined);
  }

  /** LiveKit reconnects automatically. */
  #followConnection(speech: PlaybackQueue, events: TransportEvents): void {
    this.#room.on(RoomEvent.Reconnecting, () => events.disconnected());
    this.#room.on(RoomEvent.Reconnected, () => {
      // No audio could arrive in the meantime.
      speech.markActive();
      events.reconnected();
    });
    this.#room.on(RoomEvent.Disconnected, (reason) => {
      if (events.leaving.aborted) return;
      const outcome = outcomeOfDisconnect(reason);
      if (outcome instanceof PerformanceError) events.fail(outcome);
      else events.end(outcome);
    });
  }
}
