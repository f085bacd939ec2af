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

import { FACE_SIZE } from '../face/face-size.ts';
import { SAMPLE_RATE } from '../speech/pcm.ts';

/** Audio is captured in real time, so a short queue is enough; in a longer one it could fall behind the video. */
const QUEUE_MS = 200;
/** How far the audio may lag behind the video before silence is skipped. */
const MAX_LAG_MS = 80;
/** Estimated delay until a listener hears the audio: network and jitter buffer. */
const PLAYOUT_DELAY_MS = 250;

/** `maxBitrate` is in bits per second. With less, the encoder reduces the resolution. */
const VIDEO_ENCODING = { maxBitrate: 1_500_000n, maxFramerate: 25 };

/** Publishes the avatar's video and audio track. */
export class MediaPublisher {
  readonly #audio = new AudioSource(SAMPLE_RATE, 1, QUEUE_MS);
  readonly #video = new VideoSource(FACE_SIZE, FACE_SIZE);
  #playedOutAt = 0;

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

  /** Sends a video frame and the audio of the same duration. */
  send(pixels: Uint8Array, samples: Int16Array): void {
    this.#video.captureFrame(new VideoFrame(pixels, FACE_SIZE, FACE_SIZE, VideoBufferType.RGBA));
    const isSilent = samples.every((sample) => sample === 0);
    // A late frame leaves audio in the queue. Skip silence, or the audio would lag by as much from then on.
    if (isSilent && this.#audio.queuedDuration > MAX_LAG_MS) return;
    // Rejects when the source was closed in the meantime, where the audio is no longer needed.
    this.#audio.captureFrame(new AudioFrame(samples, SAMPLE_RATE, 1, samples.length)).catch(() => undefined);
    if (!isSilent) this.#playedOutAt = performance.now() + this.#audio.queuedDuration + PLAYOUT_DELAY_MS;
  }

  /** Whether listeners have heard all audio that was sent. */
  get isPlayedOut(): boolean {
    return performance.now() >= this.#playedOutAt;
  }

  /** Drops the audio in the queue. */
  clearAudio(): void {
    this.#audio.clearQueue();
    this.#playedOutAt = 0;
  }

  async close(): Promise<void> {
    await Promise.all([this.#audio.close(), this.#video.close()]);
  }
}
