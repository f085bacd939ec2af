export { MediaProtocolError } from './media-protocol-error.ts';
export { decodeRecord, encodeRecord, MAX_RECORD_BYTES, type MediaRecord } from './record.ts';
export { isRecordType, RecordType } from './record-type.ts';
