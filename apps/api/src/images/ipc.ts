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

/** The decoder process's response; `portrait` is empty after a check. */
export type DecodeResponse =
  | { kind: 'done'; portrait: Uint8Array }
  | { kind: 'too_large'; width: number; height: number; decodedBytes: number }
  | { kind: 'unsupported' }
  | { kind: 'unreadable' };

/** The decoder process's first message: it accepts requests now. */
export interface DecoderReady {
  kind: 'ready';
}
