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
import type { Speech } from './playback-queue.ts';

/** What is held of a live track: enough for the network's unevenness, too little to be noticed. */
const MAX_HELD_SAMPLES = SAMPLE_RATE / 4;
/** About -50 dBFS: a microphone in a quiet room is not heard, a whisper is. */
const AUDIBLE = 0.003;

/**
 * Listens to one audio track: of the given participant, or of the first who publishes one. When it is gone, to
 * another.
 */
export function hearTrack(room: Room, speech: Speech, identity: string | null): void {
  let heard: string | undefined;

  const consider = (publication: RemoteTrackPublication, participant: RemoteParticipant) => {
    if (heard !== undefined || publication.kind !== TrackKind.KIND_AUDIO) return;
    if (identity !== null && participant.identity !== identity) return;
    heard = publication.sid;
    publication.setSubscribed(true);
  };
  const considerAll = () => {
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) consider(publication, participant);
    }
  };
  room.on(RoomEvent.TrackPublished, consider);
  room.on(RoomEvent.TrackUnpublished, ({ sid }) => {
    if (sid !== heard) return;
    heard = undefined;
    considerAll();
  });
  room.on(RoomEvent.TrackSubscribed, (track) => {
    // A track that breaks off is heard no further; its utterance has ended.
    if (track.kind === TrackKind.KIND_AUDIO) play(track, speech).catch(() => undefined);
  });
  considerAll();
}

async function play(track: RemoteTrack, speech: Speech): Promise<void> {
  const utterance = speech.begin({ maxHeldSamples: MAX_HELD_SAMPLES });
  if (utterance === null) return;
  try {
    const stream = new AudioStream(track, { sampleRate: SAMPLE_RATE, numChannels: 1 });
    for await (const { data } of stream) utterance.write(data, { audible: loudness(data) > AUDIBLE });
  } finally {
    utterance.complete();
  }
}
