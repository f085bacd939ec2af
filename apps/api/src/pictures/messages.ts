/** What the decoder process is asked: to see whether a picture can be used, or to make a portrait of it. */
export interface DecodeRequest {
  task: 'check' | 'render';
  bytes: Uint8Array;
  limits: DecodeLimits;
}

export interface DecodeLimits {
  maxPixels: number;
  maxDecodedBytes: number;
}

/** What the decoder process responds; `portrait` is empty after a check. */
export type DecodeResponse =
  | { kind: 'done'; portrait: Uint8Array }
  | { kind: 'too_large'; width: number; height: number; decodedBytes: number }
  | { kind: 'unsupported' }
  | { kind: 'unreadable' };

/** The decoder process says it once, when it can take requests. */
export interface DecoderReady {
  kind: 'ready';
}
