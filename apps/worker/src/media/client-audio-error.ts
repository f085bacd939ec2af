/** Audio that cannot be played. The client gets an error record, and its connection stays open. */
export class ClientAudioError extends Error {
  override readonly name = 'ClientAudioError';
  readonly code: 'audio.invalid_format' | 'audio.invalid_length' | 'audio.buffer_full';

  constructor(code: ClientAudioError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
