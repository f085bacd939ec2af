import { gzipSync } from 'node:zlib';

import { sessionCreate } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { storedRows } from '../harness/stored-rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let stored: Record<string, number>;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  stored = await storedRows(server.database);
});
afterEach(async () => {
  expect(await storedRows(server.database)).toEqual(stored);
});
afterAll(() => server.close());

const JSON_TYPE = { 'Content-Type': 'application/json' };
const MALFORMED = { status: 400, code: 'body.malformed', param: null };
const INVALID = { status: 422, code: 'body.invalid', param: null };
const TOO_LARGE = { status: 413, code: 'body.too_large', param: null };
const UNSUPPORTED = { status: 415, code: 'content_type.unsupported', param: null };

function post(body: NonNullable<RequestInit['body']> | null, headers: Record<string, string> = JSON_TYPE) {
  return server.request('/v1/sessions', {
    method: 'POST',
    headers,
    ...(body !== null && { body }),
    ...(body instanceof ReadableStream && { duplex: 'half' as const }),
  });
}

const valid = async () => Buffer.from(JSON.stringify(await sessionCreate()));

describe('a body that is not JSON is rejected as malformed', () => {
  test.each([
    ['an open brace', '{'],
    ['blanks', '   '],
    ['a trailing comma', '{"avatar_id":"av_stock_001",}'],
    ['a comment', '{/* hello */}'],
    ['a form', 'avatar_id=av_stock_001'],
    ['NaN', '{"max_duration_seconds":NaN}'],
    ['two values', '{}{}'],
    ['a raw line break in a string', '{"avatar_id":"av\n"}'],
  ])('%s', async (_name, body) => {
    expect(await errorOf(await post(body))).toEqual(MALFORMED);
  });
});

describe('a JSON body that is not an object is rejected as invalid', () => {
  test.each(['null', 'true', '5', '"text"', '[]', '[{}]'])('%s', async (body) => {
    expect(await errorOf(await post(body))).toEqual(INVALID);
  });

  test('no body', async () => {
    expect(await errorOf(await post(null))).toEqual(INVALID);
    expect(await errorOf(await post(null, {}))).toEqual(INVALID);
    expect(await errorOf(await post(''))).toEqual(INVALID);
  });
});

describe('a body that is not in its declared encoding is rejected as malformed', () => {
  test('bytes that are not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"avatar_id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(await errorOf(await post(body))).toEqual(MALFORMED);
  });

  test('an encoded lone surrogate', async () => {
    const half = Buffer.from([0xed, 0xa0, 0x80]);
    const body = Buffer.concat([Buffer.from('{"avatar_id":"'), half, Buffer.from('"}')]);
    expect(await errorOf(await post(body))).toEqual(MALFORMED);
  });

  test('UTF-16 without a declared charset', async () => {
    expect(await errorOf(await post(Buffer.from('﻿{}', 'utf16le')))).toEqual(MALFORMED);
  });

  test('garbage declared as gzip', async () => {
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    expect(await errorOf(await post(await valid(), headers))).toEqual(MALFORMED);
  });

  test('truncated gzip', async () => {
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    const body = gzipSync(await valid());
    expect(await errorOf(await post(body.subarray(0, body.length / 2), headers))).toEqual(MALFORMED);
  });
});

describe('a body that is larger than the document allows is rejected as too large', () => {
  const huge = JSON.stringify({ name: 'x'.repeat(128 * 1024) });

  test('with a Content-Length', async () => {
    expect(await errorOf(await post(huge))).toEqual(TOO_LARGE);
  });

  test('in chunks, without a Content-Length', async () => {
    expect(await errorOf(await post(new Blob([huge]).stream()))).toEqual(TOO_LARGE);
  });

  test('as gzip of a thousandth of its size', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(200_000);
    expect(await errorOf(await post(bomb, { ...JSON_TYPE, 'Content-Encoding': 'gzip' }))).toEqual(TOO_LARGE);
  });
});

describe('a body of an unsupported type is rejected', () => {
  test.each([
    ['text/plain', { 'Content-Type': 'text/plain' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['a JSON dialect', { 'Content-Type': 'application/merge-patch+json' }],
    ['a look-alike', { 'Content-Type': 'application/jsonx' }],
    ['an invalid type', { 'Content-Type': ';' }],
    ['JSON in UTF-16', { 'Content-Type': 'application/json; charset=utf-16' }],
    ['JSON in Latin-1', { 'Content-Type': 'application/json; charset=iso-8859-1' }],
    ['an unknown compression', { 'Content-Type': 'application/json', 'Content-Encoding': 'lzma' }],
  ])('%s', async (_name, headers) => {
    expect(await errorOf(await post(await valid(), headers as Record<string, string>))).toEqual(UNSUPPORTED);
  });

  test('no type', async () => {
    expect(await errorOf(await post(await valid(), {}))).toEqual(UNSUPPORTED);
  });
});

describe('a deeply nested body is rejected without exhausting the stack', () => {
  const DEPTH = 5_000;
  test.each([
    ['arrays', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`],
    ['objects', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`],
    ['in a field', `{"metadata":${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}}`],
  ])('%s', async (_name, body) => {
    const { status, code } = await errorOf(await post(body));
    expect({ status, code }).toEqual({ status: 422, code: 'body.invalid' });
  });
});

test.each([
  ['metadata', { metadata: { order: 0 } }, { code: 'metadata.invalid_number', param: 'metadata.order' }],
  ['another field', { max_duration_seconds: 0 }, { code: 'body.invalid', param: 'max_duration_seconds' }],
])('a number of %s that no double holds is rejected as a number', async (_name, fields, expected) => {
  const body = JSON.stringify(await sessionCreate(fields)).replace(/:0\b/, ':1e400');
  expect(await errorOf(await post(body))).toMatchObject({ status: 422, ...expected });
});
