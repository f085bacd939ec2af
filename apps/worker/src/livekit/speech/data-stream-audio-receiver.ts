import { RoomEvent, type LocalParticipant, type Room } from '@livekit/rtc-node';

import type { AudioSegment } from './audio-segment.ts';
import { decodeMono } from './pcm.ts';
import type { PlaybackQueue } from './playback-queue.ts';
import { Resampler } from './resampler.ts';

/**
 * The protocol by which the LiveKit Agents framework sends speech to avatar workers (its `DataStreamAudioOutput`): one
 * byte stream of 16-bit PCM for each audio segment.
 */
const TOPIC = 'lk.audio_stream';
const CLEAR_BUFFER = 'lk.clear_buffer';
const PLAYBACK_STARTED = 'lk.playback_started';
const PLAYBACK_FINISHED = 'lk.playback_finished';
/** Attribute of the token: the identity of the agent. When it is set, speech of other participants is ignored. */
const ON_BEHALF_OF = 'lk.publish_on_behalf';

/** Sample rates, in Hz: those of the framework and of Opus, with a margin. */
const RATES = { min: 8_000, max: 192_000 };
const MAX_CHANNELS = 2;

/** The part of LiveKit's byte stream reader that is used here. */
export interface SegmentStream extends AsyncIterable<Uint8Array> {
  readonly info: { readonly attributes?: Record<string, string> | undefined };
  close(): Promise<void>;
}

/** Plays the speech of the agent in the room, and notifies the agent of the playback. */
export function receiveDataStreams(room: Room, participant: LocalParticipant, queue: PlaybackQueue): void {
  const agent = participant.attributes[ON_BEHALF_OF];
  const senders = new Map<AudioSegment, string>();
  const isAccepted = (identity: string) => agent === undefined || agent === '' || identity === agent;

  room.registerByteStreamHandler(TOPIC, (reader, { identity }) => {
    const segment = isAccepted(identity) ? startSegment(identity) : null;
    if (segment === null) {
      closeQuietly(reader);
      return;
    }
    senders.set(segment, identity);
    receiveSegment(reader, segment)
      .finally(() => senders.delete(segment))
      // An error of the stream ends its segment and nothing else.
      .catch(() => undefined);
  });
  // When a sender disconnects during a stream, the stream never ends.
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
    for (const [segment, sender] of senders) if (sender === identity) segment.complete();
  });
  participant.registerRpcMethod(CLEAR_BUFFER, ({ callerIdentity }) => {
    if (!isAccepted(callerIdentity)) return Promise.resolve('reject');
    queue.interrupt();
    return Promise.resolve('ok');
  });

  function startSegment(identity: string): AudioSegment | null {
    return queue.startSegment({
      onStarted: () => notify(participant, identity, PLAYBACK_STARTED, {}),
      onFinished: (positionSeconds, interrupted) =>
        notify(participant, identity, PLAYBACK_FINISHED, { playback_position: positionSeconds, interrupted }),
    });
  }
}

function notify(
  participant: LocalParticipant,
  destinationIdentity: string,
  method: string,
  payload: object,
): void {
  // Rejects when the agent has left or has no such method.
  participant
    .performRpc({ destinationIdentity, method, payload: JSON.stringify(payload) })
    .catch(() => undefined);
}

/** Plays a stream to its end. Rejects when the stream breaks off. Completes the segment in either case. */
export async function receiveSegment(reader: SegmentStream, segment: AudioSegment): Promise<void> {
  const rate = Number(reader.info.attributes?.['sample_rate']);
  const channels = Number(reader.info.attributes?.['num_channels'] ?? 1);
  const isPlayable =
    rate >= RATES.min &&
    rate <= RATES.max &&
    Number.isInteger(channels) &&
    channels >= 1 &&
    channels <= MAX_CHANNELS;
  try {
    if (isPlayable) await play(reader, segment, { rate, channels });
  } finally {
    segment.complete();
    closeQuietly(reader);
  }
}

/** Closes a stream. Ignores the rejection of one that its sender has already closed or broken off. */
function closeQuietly(reader: SegmentStream): void {
  reader.close().catch(() => undefined);
}

async function play(
  reader: SegmentStream,
  segment: AudioSegment,
  { rate, channels }: { rate: number; channels: number },
): Promise<void> {
  const resampler = new Resampler(rate);
  try {
    // Chunks may end in the middle of a sample.
    let rest = Buffer.alloc(0);
    for await (const chunk of reader) {
      if (segment.isInterrupted) break;
      const pcm = Buffer.concat([rest, chunk]);
      const whole = pcm.length - (pcm.length % (2 * channels));
      rest = pcm.subarray(whole);
      if (whole === 0) continue;
      for (const samples of resampler.convert(decodeMono(pcm.subarray(0, whole), channels))) {
        segment.write(samples);
      }
    }
    for (const samples of resampler.flush()) segment.write(samples);
  } finally {
    resampler.close();
  }
}
