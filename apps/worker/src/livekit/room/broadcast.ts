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

import { FACE_SIZE } from '../face/size.ts';
import { SAMPLE_RATE } from '../speech/samples.ts';

/** Sound is handed over as it is due; a queue of its own would let it fall behind the picture. */
const QUEUE_MS = 200;

/** In bits per second; too little, and the encoder sends smaller pictures. */
const VIDEO_ENCODING = { maxBitrate: 1_500_000n, maxFramerate: 25 };

/** The avatar's two tracks in the room. */
export class Broadcast {
  readonly #audio = new AudioSource(SAMPLE_RATE, 1, QUEUE_MS);
  readonly #video = new VideoSource(FACE_SIZE, FACE_SIZE);

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
    // Rejects where the source was closed meanwhile, when nobody listens any more.
    this.#audio.captureFrame(new AudioFrame(samples, SAMPLE_RATE, 1, samples.length)).catch(() => undefined);
  }

  /** Takes back the sound that was handed over and not yet sent. */
  silence(): void {
    this.#audio.clearQueue();
  }

  async close(): Promise<void> {
    await Promise.all([this.#audio.close(), this.#video.close()]);
  }
}
