import { expect, test } from '@jest/globals';

import { MediaProtocolError } from './media-protocol-error.ts';
import { RecordType } from './record-type.ts';
import { decodeRecord, encodeRecord, MAX_RECORD_BYTES } from './record.ts';

test('a record has the bytes that the protocol describes', () => {
  const message = encodeRecord(RecordType.video, { width: 2 }, new Uint8Array([7, 8]));
  const expected = [0, 0, 0, 18, 0x11, 0, 0, 0, 11, ...new TextEncoder().encode('{"width":2}'), 7, 8];
  expect([...message]).toEqual(expected);
});

test('a decoded record equals the one that was encoded', () => {
  const blob = new Uint8Array([0, 255, 1]);
  for (const type of Object.values(RecordType)) {
    expect(decodeRecord(encodeRecord(type, { sample_rate: 16_000, text: 'ü' }, blob))).toEqual({
      type,
      header: { sample_rate: 16_000, text: 'ü' },
      blob,
    });
  }
});

test('a record without a header has an empty one', () => {
  const message = new Uint8Array([0, 0, 0, 5, RecordType.flush, 0, 0, 0, 0]);
  expect(decodeRecord(message)).toEqual({ type: RecordType.flush, header: {}, blob: new Uint8Array() });
});

test('a record that starts inside a larger buffer is read from its own start', () => {
  const buffer = new Uint8Array(64);
  const message = encodeRecord(RecordType.audio, { num_channels: 1 }, new Uint8Array([1, 2]));
  buffer.set(message, 16);
  expect(decodeRecord(buffer.subarray(16, 16 + message.length)).blob).toEqual(new Uint8Array([1, 2]));
});

function withHeader(header: Uint8Array): Uint8Array {
  const message = new Uint8Array(9 + header.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length - 4);
  view.setUint8(4, RecordType.audio);
  view.setUint32(5, header.length);
  message.set(header, 9);
  return message;
}

const text = (value: string) => new TextEncoder().encode(value);

test.each([
  ['an empty message', new Uint8Array(), 'record.length_mismatch'],
  ['a message that is too short', new Uint8Array(8), 'record.length_mismatch'],
  [
    'a length that is too large',
    new Uint8Array([0, 0, 0, 6, RecordType.flush, 0, 0, 0, 0]),
    'record.length_mismatch',
  ],
  [
    'a length that is too small',
    new Uint8Array([0, 0, 0, 4, RecordType.flush, 0, 0, 0, 0]),
    'record.length_mismatch',
  ],
  [
    'a header that is longer than the record',
    new Uint8Array([0, 0, 0, 5, RecordType.flush, 255, 255, 255, 255]),
    'record.length_mismatch',
  ],
  ['an unknown type', new Uint8Array([0, 0, 0, 5, 0x7f, 0, 0, 0, 0]), 'record.unknown_type'],
  ['a header that is not JSON', withHeader(text('{')), 'record.invalid_header'],
  ['a header that is not UTF-8', withHeader(new Uint8Array([0xff, 0xfe])), 'record.invalid_header'],
  ['a header that is an array', withHeader(text('[1]')), 'record.invalid_header'],
  ['a header that is null', withHeader(text('null')), 'record.invalid_header'],
  ['a header that is deeply nested', withHeader(text('['.repeat(1_000_000))), 'record.invalid_header'],
])('%s is not a record', (_case, message, code) => {
  expect(() => decodeRecord(message)).toThrow(expect.objectContaining({ name: 'MediaProtocolError', code }));
});

test('a record over the limit is rejected before it is read', () => {
  const message = new Uint8Array(1025);
  expect(() => decodeRecord(message, 1020)).toThrow(MediaProtocolError);
  expect(() => decodeRecord(message, 1020)).toThrow(/1021 bytes.*limit is 1020/);
});

test('a record over the limit of the protocol is not encoded', () => {
  const blob = new Uint8Array(MAX_RECORD_BYTES);
  expect(() => encodeRecord(RecordType.audio, {}, blob)).toThrow(MediaProtocolError);
});
