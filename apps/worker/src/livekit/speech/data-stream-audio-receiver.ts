import { RoomEvent, type LocalParticipant, type Room } from '@livekit/rtc-node';

import { Resampling } from './resampler.ts';
import { monoFrom } from './pcm.ts';
import type { Speech } from './playback-queue.ts';
import type { Utterance } from './audio-segment.ts';

/**
 * Speech as the LiveKit Agents framework sends it to avatar workers (its `DataStreamAudioOutput`): one byte stream of
 * 16-bit PCM for each utterance.
 */
const TOPIC = 'lk.audio_stream';
const CLEAR_BUFFER = 'lk.clear_buffer';
const PLAYBACK_STARTED = 'lk.playback_started';
const PLAYBACK_FINISHED = 'lk.playback_finished';
/** In the token's attributes: the agent that the avatar speaks for. Where it is given nobody else is listened to. */
const ON_BEHALF_OF = 'lk.publish_on_behalf';

/** The speeds that the framework and Opus know, and a little beyond. */
const RATES = { min: 8_000, max: 192_000 };
const MAX_CHANNELS = 2;

/** A byte stream as `receive` reads it. */
export interface SpeechStream extends AsyncIterable<Uint8Array> {
  readonly info: { readonly attributes?: Record<string, string> | undefined };
  close(): Promise<void>;
}

/** Listens to the agent in the room, and keeps it informed of what was played. */
export function hearDataStreams(room: Room, self: LocalParticipant, speech: Speech): void {
  const agent = self.attributes[ON_BEHALF_OF];
  const incoming = new Map<Utterance, string>();
  const isHeard = (identity: string) => agent === undefined || agent === '' || identity === agent;

  room.registerByteStreamHandler(TOPIC, (reader, { identity }) => {
    const utterance = isHeard(identity) ? begin(identity) : null;
    if (utterance === null) {
      closeQuietly(reader);
      return;
    }
    incoming.set(utterance, identity);
    receive(reader, utterance)
      .finally(() => incoming.delete(utterance))
      // A stream that breaks off ends its utterance and nothing else.
      .catch(() => undefined);
  });
  // The stream of somebody who left in the middle of it has no end, and nobody is to wait for one.
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
    for (const [utterance, sender] of incoming) if (sender === identity) utterance.complete();
  });
  self.registerRpcMethod(CLEAR_BUFFER, ({ callerIdentity }) => {
    if (!isHeard(callerIdentity)) return Promise.resolve('reject');
    speech.interrupt();
    return Promise.resolve('ok');
  });

  function begin(identity: string): Utterance | null {
    return speech.begin({
      started: () => notify(self, identity, PLAYBACK_STARTED, {}),
      finished: (positionSeconds, interrupted) =>
        notify(self, identity, PLAYBACK_FINISHED, { playback_position: positionSeconds, interrupted }),
    });
  }
}

function notify(self: LocalParticipant, destinationIdentity: string, method: string, payload: object): void {
  // An agent that left, or that does not ask for this, is not told.
  self.performRpc({ destinationIdentity, method, payload: JSON.stringify(payload) }).catch(() => undefined);
}

/** Plays a stream to its end. Rejects where it breaks off; the utterance ends in either case. */
export async function receive(reader: SpeechStream, utterance: Utterance): Promise<void> {
  const rate = Number(reader.info.attributes?.['sample_rate']);
  const channels = Number(reader.info.attributes?.['num_channels'] ?? 1);
  const isPlayable =
    rate >= RATES.min &&
    rate <= RATES.max &&
    Number.isInteger(channels) &&
    channels >= 1 &&
    channels <= MAX_CHANNELS;
  try {
    if (isPlayable) await play(reader, utterance, { rate, channels });
  } finally {
    utterance.complete();
    closeQuietly(reader);
  }
}

/** Closes a stream; one that its sender has closed or broken off refuses, and needs no more. */
function closeQuietly(reader: SpeechStream): void {
  reader.close().catch(() => undefined);
}

async function play(
  reader: SpeechStream,
  utterance: Utterance,
  { rate, channels }: { rate: number; channels: number },
): Promise<void> {
  const resampling = new Resampling(rate);
  try {
    // Chunks end anywhere, in the middle of a sample too.
    let rest = Buffer.alloc(0);
    for await (const chunk of reader) {
      if (utterance.isInterrupted) break;
      const pcm = Buffer.concat([rest, chunk]);
      const whole = pcm.length - (pcm.length % (2 * channels));
      rest = pcm.subarray(whole);
      if (whole === 0) continue;
      for (const samples of resampling.convert(monoFrom(pcm.subarray(0, whole), channels)))
        utterance.write(samples);
    }
    for (const samples of resampling.flush()) utterance.write(samples);
  } finally {
    resampling.close();
  }
}
