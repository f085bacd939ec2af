import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { until } from '@greenroom/testing';
import { SMALL_PROCESS } from '@greenroom/worker/process/small-process';
import { AudioStream, Room, RoomEvent, TrackKind, VideoStream, type RemoteTrack } from '@livekit/rtc-node';

/** The built process that performs one session. */
const PROCESS = fileURLToPath(
  new URL('../../../apps/worker/dist/process/avatar-process.js', import.meta.url),
);
const AVATAR = 'greenroom-worker';
/** Samples per second of the speech. */
export const SPEECH_RATE = 24_000;
const HEARTBEAT_MS = 1_000;
/** Louder audio is speech. */
const MIN_SPEECH_AMPLITUDE = 650;

export interface AvatarOptions {
  url: string;
  /** Returns a token for a participant of the avatar's room. */
  token: (identity: string) => Promise<string>;
  /** Whether the visitor receives the avatar's tracks. */
  listens: boolean;
}

/** An avatar in a LiveKit room, in its process, and a visitor that speaks through it. */
export class AvatarInRoom {
  /** The frames that the visitor received. */
  framesReceived = 0;
  /** When the visitor last heard speech. */
  heardAtMs = -Infinity;
  readonly #process: ChildProcess;
  readonly #visitor = new Room();
  readonly #heartbeat: NodeJS.Timeout;
  #framesSent = 0;

  private constructor() {
    this.#process = fork(PROCESS, {
      serialization: 'advanced',
      execArgv: [...SMALL_PROCESS.execArgv],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...SMALL_PROCESS.env },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#process.on('message', ({ progress }: { progress: { frames: number } }) => {
      this.#framesSent = progress.frames;
    });
    this.#heartbeat = setInterval(() => this.#send({ kind: 'heartbeat' }), HEARTBEAT_MS);
  }

  /** Resolves when the avatar sends frames. */
  static async start({ url, token, listens }: AvatarOptions): Promise<AvatarInRoom> {
    const avatar = new AvatarInRoom();
    avatar.#visitor.on(RoomEvent.TrackSubscribed, (track) => {
      avatar.#receive(track).catch(() => undefined);
    });
    await avatar.#visitor.connect(url, await token('visitor'), { autoSubscribe: listens, dynacast: false });
    for (const method of ['lk.playback_started', 'lk.playback_finished']) {
      avatar.#visitor.localParticipant?.registerRpcMethod(method, () => Promise.resolve('ok'));
    }
    const transport = {
      ...{ type: 'livekit', url, audio_source: 'data_stream' },
      ...{ synthetic_audio_if_no_input: false, subscribe_to_identity: null },
    };
    const session = {
      avatar_id: 'av_stock_001',
      idle_timeout_seconds: 600,
      max_duration_seconds: 3600,
      transport,
    };
    const assignment = {
      session,
      lease_seconds: 60,
      worker_token: await token(AVATAR),
      portrait_landmarks: null,
    };
    avatar.#send({ kind: 'start', assignment, portrait: null, allowPrivateAddresses: true });
    await until(() => avatar.#framesSent > 0, 30_000);
    return avatar;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get framesSent(): number {
    return this.#framesSent;
  }

  /** Sends speech as one utterance. Resolves when they are sent, which is before they are heard. */
  async speak(samples: Int16Array<ArrayBuffer>): Promise<void> {
    const stream = await this.#visitor.localParticipant?.streamBytes({
      name: 'speech',
      topic: 'lk.audio_stream',
      destinationIdentities: [AVATAR],
      attributes: { sample_rate: String(SPEECH_RATE), num_channels: '1' },
    });
    await stream?.write(new Uint8Array(samples.buffer));
    await stream?.close();
  }

  async interrupt(): Promise<void> {
    await this.#visitor.localParticipant?.performRpc({
      ...{ destinationIdentity: AVATAR, method: 'lk.clear_buffer', payload: '' },
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, 'exit');
      this.#send({ kind: 'abort' });
      await exited;
    }
    await this.#visitor.disconnect();
  }

  #send(message: object): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  async #receive(track: RemoteTrack): Promise<void> {
    if (track.kind === TrackKind.KIND_AUDIO) {
      for await (const { data } of new AudioStream(track, SPEECH_RATE, 1)) {
        if (data.some((sample) => Math.abs(sample) > MIN_SPEECH_AMPLITUDE)) {
          this.heardAtMs = performance.now();
        }
      }
      return;
    }
    const frames = new VideoStream(track).getReader();
    while (!(await frames.read()).done) this.framesReceived += 1;
  }
}
