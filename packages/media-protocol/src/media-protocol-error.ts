export type MediaProtocolErrorCode =
  'record.too_large' | 'record.length_mismatch' | 'record.unknown_type' | 'record.invalid_header';

/** A message that is not a record of the protocol. The message says what is wrong, without contents of the record. */
export class MediaProtocolError extends Error {
  override readonly name = 'MediaProtocolError';
  readonly code: MediaProtocolErrorCode;

  constructor(code: MediaProtocolErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
