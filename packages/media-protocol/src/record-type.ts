/** The types of records. */
export const RecordType = {
  /** Speech, both ways: 16-bit little-endian PCM. Header: `sample_rate` in Hz, `num_channels`. */
  audio: 0x01,
  /** From the client: the end of an utterance. */
  flush: 0x02,
  /** From the client: drop unplayed speech. */
  interrupt: 0x03,
  /** From the client: audio that the avatar hears. The same format as `audio`. */
  listenAudio: 0x04,
  /** From the client: end the session. */
  close: 0x05,
  /** From the worker: the avatar accepts speech. */
  ready: 0x10,
  /** From the worker: a video frame. Header: `width`, `height`, `encoding`, `frame_index`, `timestamp_ms`. */
  video: 0x11,
  /** From the worker: counters. */
  metrics: 0x12,
  /** From the worker. Header: `code`, `message`. */
  error: 0x13,
} as const;

export type RecordType = (typeof RecordType)[keyof typeof RecordType];

const TYPES: ReadonlySet<number> = new Set(Object.values(RecordType));

export function isRecordType(type: number): type is RecordType {
  return TYPES.has(type);
}
