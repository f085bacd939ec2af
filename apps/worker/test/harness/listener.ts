import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  Room,
  RoomEvent,
  RpcError,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoStream,
  type E2EEOptions,
  type RemoteTrack,
  type RemoteTrackPublication,
} from '@livekit/rtc-node';

import { withTimeout } from '../../src/avatar/with-timeout.ts';

const RATE = 16_000;
const HERTZ = 300;
const TIMEOUT_MS = 15_000;

/** A received video frame, measured. */
export interface VideoSample {
  atMs: number;
  width: number;
  height: number;
  /** The part of the mouth's region that is as dark as its inside, from 0 to 1. */
  mouth: number;
  /** The colour of the upper left corner. */
  corner: readonly [number, number, number];
}

/** Received audio of 10 ms, measured. */
export interface AudioSample {
  atMs: number;
  /** Root mean square, from 0 to 1. */
  loudness: number;
  crossings: number;
}

export interface ListenerOptions {
  /** Publishes encrypted tracks. */
  encryption?: E2EEOptions;
  /** Whether to receive the video, which takes much of a core. */
  video?: boolean;
}

/** A byte stream of speech: 16 kHz, mono. */
export interface SpeechStream {
  /** Sends a tone, or silence with 0 Hz, as fast as possible. */
  tone(seconds: number, hertz?: number): Promise<void>;
  write(pcm: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A participant that records the avatar's video and audio, and can send speech to it. */
export class Listener {
  readonly video: VideoSample[] = [];
  readonly audio: AudioSample[] = [];
  /** The names of the tracks that it receives. */
  readonly trackNames: string[] = [];
  readonly #calls: { method: string; payload: unknown; atMs: number }[] = [];
  readonly #room = new Room();
  readonly #withVideo: boolean;
  #microphone: { source: AudioSource; track: LocalAudioTrack } | undefined;
  #callsToFail = 0;

  private constructor({ video = true }: ListenerOptions) {
    this.#withVideo = video;
  }

  /** Joins a room. Tries twice, because LiveKit's library sometimes hangs without an error. */
  static async join(url: string, token: string, options: ListenerOptions = {}): Promise<Listener> {
    try {
      return await withTimeout(TIMEOUT_MS, Listener.#tryToJoin(url, token, options));
    } catch {
      return withTimeout(TIMEOUT_MS, Listener.#tryToJoin(url, token, options));
    }
  }

  static async #tryToJoin(url: string, token: string, options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    listener.#room.on(RoomEvent.TrackPublished, (publication) => {
      listener.trackNames.push(publication.name ?? '');
      listener.#skipVideo(publication);
    });
    listener.#room.on(RoomEvent.TrackSubscribed, (track, { name = '' }) => {
      if (!name.startsWith('protoface-avatar')) return;
      // A track may end with an error when its publisher leaves.
      listener.#follow(track).catch(() => undefined);
    });
    await listener.#room.connect(url, token, {
      autoSubscribe: true,
      dynacast: false,
      ...(options.encryption !== undefined && { encryption: options.encryption }),
    });
    for (const { trackPublications } of listener.#room.remoteParticipants.values()) {
      for (const publication of trackPublications.values()) listener.#skipVideo(publication);
    }
    for (const method of ['lk.playback_started', 'lk.playback_finished']) {
      listener.#self.registerRpcMethod(method, ({ payload }) => {
        listener.#callsToFail -= 1;
        if (listener.#callsToFail >= 0) {
          return Promise.reject(new RpcError(RpcError.ErrorCode.CONNECTION_TIMEOUT, 'Not now'));
        }
        listener.#calls.push({ method, payload: JSON.parse(payload), atMs: performance.now() });
        return Promise.resolve('ok');
      });
    }
    return listener;
  }

  /** Opens a stream of speech, which stays open until it is closed. */
  async openStream(attributes: Record<string, string> = {}): Promise<SpeechStream> {
    const writer = await this.#self.streamBytes({
      name: 'AUDIO_test',
      topic: 'lk.audio_stream',
      destinationIdentities: ['greenroom-worker'],
      attributes: { sample_rate: String(RATE), num_channels: '1', ...attributes },
    });
    return {
      tone: (seconds, hertz = HERTZ) => writer.write(new Uint8Array(tone(seconds, hertz).buffer)),
      write: (pcm) => writer.write(pcm),
      close: () => writer.close(),
    };
  }

  /**
   * Sends a tone as one utterance over the data stream, as fast as possible and in chunks that split samples, like
   * agents of other frameworks. Without `ends`, the stream stays open.
   */
  async say(seconds: number, { ends = true } = {}): Promise<void> {
    const stream = await this.openStream();
    const pcm = new Uint8Array(tone(seconds, HERTZ).buffer);
    // An odd size splits samples.
    for (let at = 0; at < pcm.length; at += 3333) await stream.write(pcm.subarray(at, at + 3333));
    if (ends) await stream.close();
  }

  /** Sends a short utterance at the event that the avatar has joined the room. */
  sayWhenAvatarJoins(seconds: number): void {
    this.#room.on(RoomEvent.ParticipantConnected, () => {
      this.say(seconds).catch((error: unknown) => console.error(error));
    });
  }

  /** Asks the avatar to drop its speech. Returns its response. */
  interrupt(): Promise<string> {
    return this.#self.performRpc({
      destinationIdentity: 'greenroom-worker',
      method: 'lk.clear_buffer',
      payload: '',
    });
  }

  /** Rejects the next calls of the avatar. */
  failCalls(count: number): void {
    this.#callsToFail = count;
  }

  /** Returns the payloads of the avatar's calls of an RPC method, in order. */
  rpcPayloads(method: string): unknown[] {
    return this.#calls.filter((call) => call.method === method).map(({ payload }) => payload);
  }

  /** Returns the reports of the avatar about finished utterances, in order. */
  get reports(): { position: number; interrupted: boolean; atMs: number }[] {
    return this.#calls
      .filter(({ method }) => method === 'lk.playback_finished')
      .map(({ payload, atMs }) => {
        const { playback_position: position, interrupted } = payload as {
          playback_position: number;
          interrupted: boolean;
        };
        return { position, interrupted, atMs };
      });
  }

  /** Publishes a microphone track and plays a tone on it, or silence with 0 Hz, in real time. */
  async speak(seconds: number, { hertz = HERTZ } = {}): Promise<void> {
    const { source } = (this.#microphone ??= await this.#publishMicrophone());
    const samples = tone(seconds, hertz);
    const step = RATE / 100;
    for (let at = 0; at + step <= samples.length; at += step) {
      await source.captureFrame(new AudioFrame(samples.slice(at, at + step), RATE, 1, step));
    }
    await source.waitForPlayout();
  }

  async leave(): Promise<void> {
    await withTimeout(TIMEOUT_MS, this.#room.disconnect()).catch(() => undefined);
  }

  get #self() {
    if (this.#room.localParticipant === undefined) throw new Error('Not in the room');
    return this.#room.localParticipant;
  }

  async #publishMicrophone() {
    const source = new AudioSource(RATE, 1);
    const track = LocalAudioTrack.createAudioTrack('microphone', source);
    await this.#self.publishTrack(track, new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }));
    return { source, track };
  }

  /** Does not subscribe to video that nobody looks at: it would be decoded. */
  #skipVideo(publication: RemoteTrackPublication): void {
    if (!this.#withVideo && publication.kind === TrackKind.KIND_VIDEO) publication.setSubscribed(false);
  }

  async #follow(track: RemoteTrack): Promise<void> {
    if (track.kind === TrackKind.KIND_AUDIO) {
      for await (const { data } of new AudioStream(track, RATE, 1)) this.audio.push(audioSample(data));
    } else if (this.#withVideo) {
      for await (const { frame } of new VideoStream(track)) {
        const { data, width, height } = frame.convert(VideoBufferType.RGBA);
        this.video.push(videoSample(data, width, height));
      }
    }
  }
}

function tone(seconds: number, hertz: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(RATE * seconds);
  return samples.map((_, index) => 9000 * Math.sin((2 * Math.PI * hertz * index) / RATE));
}

function audioSample(data: Int16Array): AudioSample {
  let sum = 0;
  let crossings = 0;
  data.forEach((sample, index) => {
    sum += sample * sample;
    if (index > 0 && sample >= 0 !== (data[index - 1] ?? 0) >= 0) crossings += 1;
  });
  return { atMs: performance.now(), loudness: Math.sqrt(sum / data.length) / 32_768, crossings };
}

function videoSample(data: Uint8Array, width: number, height: number): VideoSample {
  const pixel = (x: number, y: number) => {
    const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
  };
  let dark = 0;
  let all = 0;
  for (let y = 0.63; y < 0.74; y += 0.005) {
    for (let x = 0.42; x < 0.58; x += 0.005) {
      const [red, green] = pixel(x, y);
      if (red < 125 && green < 70) dark += 1;
      all += 1;
    }
  }
  return { atMs: performance.now(), width, height, mouth: dark / all, corner: pixel(0.03, 0.03) };
}
