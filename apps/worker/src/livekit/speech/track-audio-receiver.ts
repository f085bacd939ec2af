import {
  AudioStream,
  RoomEvent,
  TrackKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
} from '@livekit/rtc-node';

import { loudness, SAMPLE_RATE } from './pcm.ts';
import type { PlaybackQueue } from './playback-queue.ts';

/** Audio of a live track that may be buffered: enough against jitter, too little to be noticed as delay. */
const MAX_BUFFERED_SAMPLES = SAMPLE_RATE / 4;
/** About -50 dBFS: above a microphone in a quiet room, below a whisper. */
const AUDIBLE_LOUDNESS = 0.003;

/**
 * Plays one audio track: of the given participant, or of the first participant that publishes one. When it is
 * unpublished, plays another.
 */
export function receiveTrack(room: Room, queue: PlaybackQueue, identity: string | null): void {
  let subscribedSid: string | undefined;

  const subscribe = (publication: RemoteTrackPublication, participant: RemoteParticipant) => {
    if (subscribedSid !== undefined || publication.kind !== TrackKind.KIND_AUDIO) return;
    if (identity !== null && participant.identity !== identity) return;
    subscribedSid = publication.sid;
    publication.setSubscribed(true);
  };
  const subscribeToFirst = () => {
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) subscribe(publication, participant);
    }
  };
  room.on(RoomEvent.TrackPublished, subscribe);
  room.on(RoomEvent.TrackUnpublished, ({ sid }) => {
    if (sid !== subscribedSid) return;
    subscribedSid = undefined;
    subscribeToFirst();
  });
  room.on(RoomEvent.TrackSubscribed, (track) => {
    // An error of the track ends its segment and nothing else.
    if (track.kind === TrackKind.KIND_AUDIO) play(track, queue).catch(() => undefined);
  });
  subscribeToFirst();
}

async function play(track: RemoteTrack, queue: PlaybackQueue): Promise<void> {
  const segment = queue.startSegment({ maxBufferedSamples: MAX_BUFFERED_SAMPLES });
  if (segment === null) return;
  try {
    const stream = new AudioStream(track, { sampleRate: SAMPLE_RATE, numChannels: 1 });
    for await (const { data } of stream) segment.write(data, { audible: loudness(data) > AUDIBLE_LOUDNESS });
  } finally {
    segment.complete();
  }
}
