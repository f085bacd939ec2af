import {
  AudioStream,
  RoomEvent,
  TrackKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
} from '@livekit/rtc-node';

import type { AudioSegment } from '../avatar/speech/audio-segment.ts';
import { SAMPLE_RATE } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import { IN_FLIGHT_MS, isAccepted } from './agent.ts';

/** Maximum buffer of a live track: enough to absorb jitter, too little to be noticed as delay. */
const MAX_BUFFERED_SAMPLES = SAMPLE_RATE / 4;

/**
 * Plays one audio track: of the given participant, or of the first accepted participant that publishes one. When it is
 * unpublished or its participant is no longer accepted, plays another. Create it before joining, so that no track is
 * missed.
 */
export class TrackAudioReceiver {
  readonly #room: Room;
  readonly #queue: PlaybackQueue;
  readonly #identity: string | null;
  #subscribed: { publication: RemoteTrackPublication; identity: string } | null = null;
  #segment: AudioSegment | null = null;
  #discardUntilMs = 0;

  constructor(room: Room, queue: PlaybackQueue, identity: string | null) {
    this.#room = room;
    this.#queue = queue;
    this.#identity = identity;
    room.on(RoomEvent.TrackPublished, (publication, participant) =>
      this.#subscribe(publication, participant),
    );
    room.on(RoomEvent.TrackUnpublished, ({ sid }) => this.#replace(sid));
    room.on(RoomEvent.TrackSubscriptionFailed, (sid) => this.#replace(sid));
    // The agent may join, for example, while another participant is heard.
    room.on(RoomEvent.ParticipantConnected, () => {
      if (this.#subscribed === null || this.#isHeard(this.#subscribed.identity)) return;
      const { publication } = this.#subscribed;
      publication.setSubscribed(false);
      this.#replace(publication.sid);
    });
    room.on(RoomEvent.TrackSubscribed, (track, publication) => {
      // An error of the track ends its segment and nothing else.
      if (track.kind === TrackKind.KIND_AUDIO) this.#play(track, publication).catch(() => undefined);
    });
  }

  /** Subscribes to a track that was published before. */
  subscribeToFirst(exceptSid?: string): void {
    for (const participant of this.#room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        if (publication.sid !== exceptSid) this.#subscribe(publication, participant);
      }
    }
  }

  /** Drops all audio sent so far. */
  discard(): void {
    this.#discardUntilMs = performance.now() + IN_FLIGHT_MS;
  }

  /** Contrary to its types, the library passes undefined for a participant that it does not know yet. */
  #subscribe(publication: RemoteTrackPublication, participant: RemoteParticipant | undefined): void {
    if (this.#subscribed !== null || publication.kind !== TrackKind.KIND_AUDIO) return;
    if (participant === undefined || !this.#isHeard(participant.identity)) return;
    this.#subscribed = { publication, identity: participant.identity };
    publication.setSubscribed(true);
  }

  /** Ends the track, if it is the subscribed one, and subscribes to another. */
  #replace(sid: string | undefined): void {
    if (this.#subscribed === null || sid !== this.#subscribed.publication.sid) return;
    this.#subscribed = null;
    this.#segment?.complete();
    this.subscribeToFirst(sid);
  }

  #isHeard(identity: string): boolean {
    return this.#identity === null ? isAccepted(this.#room, identity) : identity === this.#identity;
  }

  async #play(track: RemoteTrack, publication: RemoteTrackPublication): Promise<void> {
    // The track was replaced before its subscription was confirmed.
    if (publication.sid !== this.#subscribed?.publication.sid) return;
    const segment = this.#queue.startSegment({ maxBufferedSamples: MAX_BUFFERED_SAMPLES });
    if (segment === null) return;
    this.#segment = segment;
    try {
      const stream = new AudioStream(track, { sampleRate: SAMPLE_RATE, numChannels: 1 });
      for await (const { data } of stream) {
        if (segment.isClosed) break;
        // The library generates frames for a muted track.
        if (publication.muted === true || performance.now() < this.#discardUntilMs) continue;
        segment.write(data);
      }
    } finally {
      segment.complete();
    }
  }
}
