import {
  AudioStream,
  RoomEvent,
  TrackKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
} from '@livekit/rtc-node';

import { loudness, SAMPLE_RATE } from './samples.ts';
import type { Speech } from './speech.ts';

/** What is held of a live track: enough for the network's unevenness, too little to be noticed. */
const MAX_HELD_SAMPLES = SAMPLE_RATE / 4;
/** About -50 dBFS: a microphone in a quiet room is not heard, a whisper is. */
const AUDIBLE = 0.003;

/** Listens to the audio track of one participant: the given one, or the first who publishes one. */
export function hearTrack(room: Room, speech: Speech, identity: string | null): void {
  let heard: string | undefined;

  const consider = (publication: RemoteTrackPublication, participant: RemoteParticipant) => {
    const isWanted = identity === null ? heard === undefined : participant.identity === identity;
    if (!isWanted || publication.kind !== TrackKind.KIND_AUDIO) return;
    heard = publication.sid;
    publication.setSubscribed(true);
  };
  room.on(RoomEvent.TrackPublished, consider);
  room.on(RoomEvent.TrackUnpublished, ({ sid }) => {
    if (sid === heard) heard = undefined;
  });
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === TrackKind.KIND_AUDIO) void play(track, speech);
  });
  for (const participant of room.remoteParticipants.values()) {
    for (const publication of participant.trackPublications.values()) consider(publication, participant);
  }
}

async function play(track: RemoteTrack, speech: Speech): Promise<void> {
  const utterance = speech.begin({ maxHeldSamples: MAX_HELD_SAMPLES });
  if (utterance === null) return;
  const stream = new AudioStream(track, { sampleRate: SAMPLE_RATE, numChannels: 1 });
  for await (const { data } of stream) utterance.write(data, { audible: loudness(data) > AUDIBLE });
  utterance.complete();
}
