import type { AvatarFailure, components } from '@greenroom/contract';

export type Landmarks = components['schemas']['PortraitLandmarks'];

/** Why an image does not show one face that can be animated. */
export type FaceFailure = Exclude<AvatarFailure, 'not_processed'>;

/** A message to the decoder process: check whether an image can be used, or render a portrait from it. */
export interface DecodeRequest {
  task: 'check' | 'render';
  bytes: Uint8Array;
  limits: DecodeLimits;
}

export interface DecodeLimits {
  maxPixels: number;
  maxDecodedBytes: number;
}

/** The decoder process's response. */
export type DecodeResponse = Decoded | DecodeError;

export type Decoded =
  | { kind: 'checked' }
  | { kind: 'rendered'; portrait: Uint8Array; landmarks: Landmarks }
  | { kind: 'no_portrait'; failure: FaceFailure };

/** Why an image cannot be decoded. `internal` is a failure of the process, whatever the image is. */
export type DecodeError =
  | { error: 'too_large'; width: number; height: number; decodedBytes: number }
  | { error: 'unsupported' }
  | { error: 'unreadable' }
  | { error: 'internal'; message: string };

/**
 * The state of the decoder process: `ready` is its first message, and from then on it works on the image of its
 * request. While it is `loading` the models that find faces, the time does not count towards the image's timeout.
 */
export interface DecoderState {
  kind: 'ready' | 'loading';
}
