import {
  LocalAudioTrack,
  LocalVideoTrack,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  type LocalParticipant,
} from '@livekit/rtc-node';

import { FACE_SIZE } from '../avatar/face/face-size.ts';
import { SourceAudioOutput } from './audio-output.ts';

/** Names of the tracks. Front ends look for these, and the guide on rooms lists them. */
const VIDEO_TRACK = 'protoface-avatar';
const AUDIO_TRACK = 'protoface-avatar-audio';
/** `maxBitrate` is in bits per second. With less, the encoder reduces the resolution. */
const VIDEO_ENCODING = { maxBitrate: 1_500_000n, maxFramerate: 25 };

/** Publishes the avatar's video and audio track. */
export class MediaPublisher {
  readonly audio = new SourceAudioOutput();
  readonly #video = new VideoSource(FACE_SIZE, FACE_SIZE);

  async publish(participant: LocalParticipant): Promise<void> {
    await participant.publishTrack(
      LocalVideoTrack.createVideoTrack(VIDEO_TRACK, this.#video),
      new TrackPublishOptions({
        source: TrackSource.SOURCE_CAMERA,
        simulcast: false,
        videoEncoding: VIDEO_ENCODING,
      }),
    );
    await participant.publishTrack(
      LocalAudioTrack.createAudioTrack(AUDIO_TRACK, this.audio.source),
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false }),
    );
  }

  sendFrame(pixels: Uint8Array): void {
    this.#video.captureFrame(new VideoFrame(pixels, FACE_SIZE, FACE_SIZE, VideoBufferType.RGBA));
  }

  async close(): Promise<void> {
    await Promise.all([this.audio.close(), this.#video.close()]);
  }
}
