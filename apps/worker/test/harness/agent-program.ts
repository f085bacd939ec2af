/**
 * Runs the audio output of the LiveKit Agents framework, as published. In a separate process, because it handles the
 * avatar's RPC calls only in the first room of a process.
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
/** 50 ms: speech is synthesized in chunks. */
const SAMPLES_PER_FRAME = RATE / 20;

const [url = '', token = '', destinationIdentity = ''] = process.argv.slice(2);
const room = new Room();
await room.connect(url, token, { autoSubscribe: false, dynacast: false });
const output = await audioOutput({ room, destinationIdentity, sampleRate: RATE, waitPlaybackStart: true });
output.on('playbackStarted', () => send({ kind: 'started' }));
output.on('playbackFinished', ({ playbackPosition, interrupted }) =>
  send({ kind: 'finished', playbackPosition, interrupted }),
);
process.on('message', (message: ToAgent) => {
  handle(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
send({ kind: 'joined' });

async function handle(message: ToAgent): Promise<void> {
  if (message.kind === 'say') {
    await say(message.seconds, message.hertz);
  } else if (message.kind === 'interrupt') {
    output.clearBuffer();
  } else {
    await room.disconnect();
    await dispose();
    process.exit();
  }
}

/** Sends a tone as one utterance, faster than real time, like speech synthesis. */
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

/** Imports two files of the package, because the whole of it needs all of its dependencies. */
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

function send(message: FromAgent): void {
  process.send?.(message);
}
