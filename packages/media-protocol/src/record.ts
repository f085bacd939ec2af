import { MediaProtocolError } from './media-protocol-error.ts';
import { isRecordType, type RecordType } from './record-type.ts';

/**
 * One record of the protocol. A binary WebSocket message contains one:
 * `u32be length of the rest | u8 type | u32be header length | header (JSON object in UTF-8) | blob`.
 */
export interface MediaRecord {
  type: RecordType;
  header: Record<string, unknown>;
  blob: Uint8Array;
}

/** The protocol's limit for what follows the length of a record, in bytes. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const LENGTH_BYTES = 4;
const TYPE_BYTES = 1;
const PREFIX_BYTES = LENGTH_BYTES + TYPE_BYTES + LENGTH_BYTES;
/** The headers of the protocol have a few short fields. A longer one is not parsed. */
const MAX_HEADER_BYTES = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Returns a record as a binary message.
 *
 * @throws {MediaProtocolError} when it is larger than the protocol allows
 */
export function encodeRecord(
  type: RecordType,
  header: Record<string, unknown> = {},
  blob: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const headerBytes = encoder.encode(JSON.stringify(header));
  const message = new Uint8Array(PREFIX_BYTES + headerBytes.length + blob.length);
  requireSize(message.length - LENGTH_BYTES, MAX_RECORD_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length - LENGTH_BYTES);
  view.setUint8(LENGTH_BYTES, type);
  view.setUint32(LENGTH_BYTES + TYPE_BYTES, headerBytes.length);
  message.set(headerBytes, PREFIX_BYTES);
  message.set(blob, PREFIX_BYTES + headerBytes.length);
  return message;
}

/**
 * Reads a binary message. The blob is a view of the message, not a copy.
 *
 * @param maxBytes the limit for what follows the length
 * @throws {MediaProtocolError} when the message is not exactly one record
 */
export function decodeRecord(message: Uint8Array, maxBytes = MAX_RECORD_BYTES): MediaRecord {
  requireSize(message.length - LENGTH_BYTES, maxBytes);
  if (message.length < PREFIX_BYTES) {
    const text = `A record has at least ${PREFIX_BYTES} bytes. This message has ${message.length}.`;
    throw new MediaProtocolError('record.length_mismatch', text);
  }
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const length = view.getUint32(0);
  if (length !== message.length - LENGTH_BYTES) {
    const text = `The record says that ${length} bytes follow its length, but ${message.length - LENGTH_BYTES} follow.`;
    throw new MediaProtocolError('record.length_mismatch', text);
  }
  const type = view.getUint8(LENGTH_BYTES);
  if (!isRecordType(type)) {
    throw new MediaProtocolError('record.unknown_type', `No record has the type 0x${hex(type)}.`);
  }
  const headerLength = view.getUint32(LENGTH_BYTES + TYPE_BYTES);
  if (headerLength > message.length - PREFIX_BYTES) {
    const text = `The record says that its header has ${headerLength} bytes, but ${message.length - PREFIX_BYTES} follow.`;
    throw new MediaProtocolError('record.length_mismatch', text);
  }
  const blobAt = PREFIX_BYTES + headerLength;
  return {
    type,
    header: parseHeader(message.subarray(PREFIX_BYTES, blobAt)),
    blob: message.subarray(blobAt),
  };
}

function requireSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const text = `The record has ${bytes} bytes after its length. The limit is ${maxBytes}.`;
  throw new MediaProtocolError('record.too_large', text);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length === 0) return {};
  if (bytes.length > MAX_HEADER_BYTES) {
    const text = `The header has ${bytes.length} bytes. The limit is ${MAX_HEADER_BYTES}.`;
    throw new MediaProtocolError('record.invalid_header', text);
  }
  let header: unknown;
  try {
    header = JSON.parse(decoder.decode(bytes));
  } catch {
    throw new MediaProtocolError('record.invalid_header', 'The header is not valid JSON in UTF-8.');
  }
  if (!isObject(header)) {
    throw new MediaProtocolError('record.invalid_header', 'The header must be a JSON object.');
  }
  return header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
