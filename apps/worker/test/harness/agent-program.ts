/**
 * An agent of the LiveKit Agents framework as far as an avatar meets one: its own `DataStreamAudioOutput`, as published.
 * A process of its own, since that output answers the avatar for the first room of its process only.
 */
import { AudioFrame, Room, dispose } from '@livekit/rtc-node';

import type { FromAgent, ToAgent } from './agent-messages.ts';

interface AudioOutput {
  captureFrame(frame: AudioFrame): Promise<void>;
  flush(): void;
  clearBuffer(): void;
  on(event: 'playbackStarted', listener: () => void): void;
  on(
    event: 'playbackFinished',
    listener: (event: { playbackPosition: number; interrupted: boolean }) => void,
  ): void;
}

interface AudioOutputOptions {
  room: Room;
  destinationIdentity: string;
  sampleRate: number;
  waitPlaybackStart: boolean;
}

const RATE = 24_000;
/** Speech is synthesized in pieces. */
const SAMPLES_PER_FRAME = RATE / 20;

const [url = '', token = '', destinationIdentity = ''] = process.argv.slice(2);
const room = new Room();
await room.connect(url, token, { autoSubscribe: false, dynacast: false });
const output = await audioOutput({ room, destinationIdentity, sampleRate: RATE, waitPlaybackStart: true });
output.on('playbackStarted', () => tell({ kind: 'started' }));
output.on('playbackFinished', ({ playbackPosition, interrupted }) =>
  tell({ kind: 'finished', playbackPosition, interrupted }),
);
process.on('message', (message: ToAgent) => {
  follow(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
tell({ kind: 'joined' });

async function follow(message: ToAgent): Promise<void> {
  if (message.kind === 'say') await say(message.seconds, message.hertz);
  else if (message.kind === 'interrupt') output.clearBuffer();
  else {
    await room.disconnect();
    await dispose();
    process.exit();
  }
}

/** A tone as one utterance, faster than it is spoken, as synthesis goes. */
async function say(seconds: number, hertz: number): Promise<void> {
  const samples = new Int16Array(RATE * seconds).map(
    (_, index) => 9000 * Math.sin((2 * Math.PI * hertz * index) / RATE),
  );
  for (let at = 0; at < samples.length; at += SAMPLES_PER_FRAME) {
    const part = samples.slice(at, at + SAMPLES_PER_FRAME);
    await output.captureFrame(new AudioFrame(part, RATE, 1, part.length));
  }
  output.flush();
}

/** From its own file: the package as a whole wants much that only its models need. */
async function audioOutput(options: AudioOutputOptions): Promise<AudioOutput> {
  const part = async (path: string): Promise<unknown> =>
    import(new URL(path, import.meta.resolve('@livekit/agents')).href);
  const { initializeLogger } = (await part('./log.js')) as {
    initializeLogger: (options: { pretty: boolean; level: string }) => void;
  };
  const { DataStreamAudioOutput } = (await part('./voice/avatar/datastream_io.js')) as {
    DataStreamAudioOutput: new (options: AudioOutputOptions) => AudioOutput;
  };
  initializeLogger({ pretty: false, level: 'warn' });
  return new DataStreamAudioOutput(options);
}

function tell(message: FromAgent): void {
  process.send?.(message);
}
