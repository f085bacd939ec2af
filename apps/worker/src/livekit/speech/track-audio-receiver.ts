import {
  AudioStream,
  RoomEvent,
  TrackKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
} from '@livekit/rtc-node';

import { IN_FLIGHT_MS } from '../room/agent.ts';
import { SAMPLE_RATE } from './pcm.ts';
import type { PlaybackQueue } from './playback-queue.ts';

/** Audio of a live track that may be buffered: enough against jitter, too little to be noticed as delay. */
const MAX_BUFFERED_SAMPLES = SAMPLE_RATE / 4;

/**
 * Plays one audio track: of the given participant, or of the first participant that publishes one. When it is
 * unpublished, plays another. Create it before joining, so that no track is missed.
 */
export class TrackAudioReceiver {
  readonly #room: Room;
  readonly #queue: PlaybackQueue;
  readonly #identity: string | null;
  #subscribedSid: string | undefined;
  #discardUntilMs = 0;

  constructor(room: Room, queue: PlaybackQueue, identity: string | null) {
    this.#room = room;
    this.#queue = queue;
    this.#identity = identity;
    room.on(RoomEvent.TrackPublished, (publication, participant) =>
      this.#subscribe(publication, participant),
    );
    room.on(RoomEvent.TrackUnpublished, ({ sid }) => {
      if (sid !== this.#subscribedSid) return;
      this.#subscribedSid = undefined;
      this.subscribeToFirst();
    });
    room.on(RoomEvent.TrackSubscribed, (track, publication) => {
      // An error of the track ends its segment and nothing else.
      if (track.kind === TrackKind.KIND_AUDIO) this.#play(track, publication).catch(() => undefined);
    });
  }

  /** Subscribes to a track that was published before the room was joined. */
  subscribeToFirst(): void {
    for (const participant of this.#room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        this.#subscribe(publication, participant);
      }
    }
  }

  /** Drops what was sent before now. */
  discard(): void {
    this.#discardUntilMs = performance.now() + IN_FLIGHT_MS;
  }

  #subscribe(publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (this.#subscribedSid !== undefined || publication.kind !== TrackKind.KIND_AUDIO) return;
    if (this.#identity !== null && participant.identity !== this.#identity) return;
    this.#subscribedSid = publication.sid;
    publication.setSubscribed(true);
  }

  async #play(track: RemoteTrack, publication: RemoteTrackPublication): Promise<void> {
    const segment = this.#queue.startSegment({ maxBufferedSamples: MAX_BUFFERED_SAMPLES });
    if (segment === null) return;
    try {
      const stream = new AudioStream(track, { sampleRate: SAMPLE_RATE, numChannels: 1 });
      for await (const { data } of stream) {
        // The library makes up frames for a muted track.
        if (publication.muted === true || performance.now() < this.#discardUntilMs) continue;
        segment.write(data);
      }
    } finally {
      segment.complete();
    }
  }
}
