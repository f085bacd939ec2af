import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  type LocalParticipant,
} from '@livekit/rtc-node';

import { FACE_SIZE } from '../face/painter.ts';
import { SAMPLE_RATE } from '../speech/pcm.ts';

/** Sound is handed over as it is due; a queue of its own would let it fall behind the picture. */
const QUEUE_MS = 200;
/** The sound may lag so far behind the picture before a pause in it is shortened. */
const MAX_LAG_MS = 80;
/** From here to the ear, through the network and whatever evens it out there. */
const ON_THE_WAY_MS = 250;

/** In bits per second; too little, and the encoder sends smaller pictures. */
const VIDEO_ENCODING = { maxBitrate: 1_500_000n, maxFramerate: 25 };

/** The avatar's two tracks in the room. */
export class Broadcast {
  readonly #audio = new AudioSource(SAMPLE_RATE, 1, QUEUE_MS);
  readonly #video = new VideoSource(FACE_SIZE, FACE_SIZE);
  #heardUntil = 0;

  async publish(participant: LocalParticipant): Promise<void> {
    await participant.publishTrack(
      LocalVideoTrack.createVideoTrack('avatar', this.#video),
      new TrackPublishOptions({
        source: TrackSource.SOURCE_CAMERA,
        simulcast: false,
        videoEncoding: VIDEO_ENCODING,
      }),
    );
    await participant.publishTrack(
      LocalAudioTrack.createAudioTrack('speech', this.#audio),
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false }),
    );
  }

  /** One moment: a picture, and the sound of its duration. */
  send(picture: Uint8Array, samples: Int16Array): void {
    this.#video.captureFrame(new VideoFrame(picture, FACE_SIZE, FACE_SIZE, VideoBufferType.RGBA));
    const isSilent = samples.every((sample) => sample === 0);
    // Late moments leave sound in the queue, and it would stay behind by as much for ever.
    if (isSilent && this.#audio.queuedDuration > MAX_LAG_MS) return;
    // Rejects where the source was closed meanwhile, when nobody listens any more.
    this.#audio.captureFrame(new AudioFrame(samples, SAMPLE_RATE, 1, samples.length)).catch(() => undefined);
    if (!isSilent) this.#heardUntil = performance.now() + this.#audio.queuedDuration + ON_THE_WAY_MS;
  }

  /** Whether all sound that was sent has been heard. */
  get isHeard(): boolean {
    return performance.now() >= this.#heardUntil;
  }

  /** Takes back the sound that was handed over and not yet sent. */
  silence(): void {
    this.#audio.clearQueue();
    this.#heardUntil = 0;
  }

  async close(): Promise<void> {
    await Promise.all([this.#audio.close(), this.#video.close()]);
  }
}
