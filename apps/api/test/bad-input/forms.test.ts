import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request as httpRequest, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

import { testSeed, until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { formOf, ownAvatars, postAvatar } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { plainImage } from '../harness/images.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
let image: Buffer;

beforeAll(async () => {
  server = await startTestServer();
  image = await plainImage();
});
afterAll(() => server.close());

const BOUNDARY = 'a-boundary';
const FORM_TYPE = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
const MALFORMED = { status: 400, code: 'body.malformed', param: null };
const UNSUPPORTED = { status: 415, code: 'content_type.unsupported', param: null };
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

function part(headers: string, content: string | Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n\r\n`),
    Buffer.from(content as Uint8Array),
    Buffer.from('\r\n'),
  ]);
}

const field = (name: string, content: string | Uint8Array) =>
  part(`Content-Disposition: form-data; name="${name}"`, content);
const file = (content: Uint8Array) =>
  part('Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png', content);
const END = Buffer.from(`--${BOUNDARY}--\r\n`);

function post(body: Uint8Array | string | ReadableStream, headers: Record<string, string> = FORM_TYPE) {
  return server.request('/v1/avatars', {
    method: 'POST',
    headers,
    body: typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body),
    ...(body instanceof ReadableStream && { duplex: 'half' as const }),
  });
}

const valid = () => Buffer.concat([field('name', 'Our host'), file(image), END]);

/** Returns the image, padded to this size. */
const padded = (size: number) => Buffer.concat([image, Buffer.alloc(size - image.length)]);

describe('a form is read', () => {
  test.each<[string, () => Uint8Array]>([
    ['in the usual form', valid],
    ['with the file first', () => Buffer.concat([file(image), field('name', 'Our host'), END])],
    [
      'with text before and after it',
      () => Buffer.concat([Buffer.from('hello\r\n'), valid(), Buffer.from('bye')]),
    ],
    ['without a line break at its end', () => valid().subarray(0, -2)],
    [
      'with a name that has a content type',
      () =>
        Buffer.concat([
          part(
            'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=utf-16',
            'Our höst',
          ),
          file(image),
          END,
        ]),
    ],
    [
      'with header names in another case, and no quotes',
      () => Buffer.concat([part('content-disposition: form-data; name=name', 'x'), file(image), END]),
    ],
  ])('%s', async (_name, body) => {
    expect((await post(body())).status).toBe(202);
  });

  test('in chunks of any size', async () => {
    const bytes = valid();
    for (const size of [1, 7, 64, 1000]) {
      const chunks = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, index) => new Uint8Array(bytes.subarray(index * size, (index + 1) * size)),
      );
      expect((await post(ReadableStream.from(chunks))).status).toBe(202);
    }
  });

  test.each([
    ['x', 'x'],
    ["'()+_,-./:=?", '"\'()+_,-./:=?"'],
    ['y'.repeat(70), 'y'.repeat(70)],
  ])('with the boundary %s', async (boundary, quoted) => {
    const body = Buffer.from(valid().toString('latin1').replaceAll(BOUNDARY, boundary), 'latin1');
    const headers = { 'Content-Type': `multipart/form-data; charset=utf-8; boundary=${quoted}` };
    expect((await post(body, headers)).status).toBe(202);
  });
});

describe('a body that is not a form is rejected as malformed', () => {
  test.each<[string, () => Uint8Array | string]>([
    ['a text', () => 'hello'],
    ['JSON', () => '{"name":"Our host"}'],
    ['a beginning', () => valid().subarray(0, 20)],
    ['all but the end', () => valid().subarray(0, -END.length)],
    ['all but the last byte of the last boundary', () => valid().subarray(0, -3)],
    [
      'a header that never ends',
      () => Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n`), Buffer.alloc(100_000, 'x')]),
    ],
    ['a form with another boundary', () => valid().toString('latin1').replaceAll(BOUNDARY, 'another')],
  ])('%s', async (_name, body) => {
    expect(await errorOf(await post(body()))).toEqual(MALFORMED);
  });

  test('a content type without a boundary', async () => {
    expect(await errorOf(await post(valid(), { 'Content-Type': 'multipart/form-data' }))).toEqual(MALFORMED);
  });

  test('a name that is not UTF-8', async () => {
    const body = Buffer.concat([field('name', Buffer.from([0xc3, 0x28])), file(image), END]);
    expect(await errorOf(await post(body))).toEqual({ ...MALFORMED, param: 'name' });
  });
});

describe('a body of another type is rejected', () => {
  test.each<[string, Record<string, string>]>([
    ['JSON', { 'Content-Type': 'application/json' }],
    ['a form without files', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['the image itself', { 'Content-Type': 'image/png' }],
    ['another multipart', { 'Content-Type': `multipart/mixed; boundary=${BOUNDARY}` }],
    ['a form in UTF-16', { 'Content-Type': `${FORM_TYPE['Content-Type']}; charset=utf-16` }],
    ['a compressed form', { ...FORM_TYPE, 'Content-Encoding': 'gzip' }],
    ['no type', {}],
  ])('%s', async (_name, headers) => {
    expect(await errorOf(await post(valid(), headers))).toEqual(UNSUPPORTED);
  });

  test('a form for an operation that takes JSON', async () => {
    const response = await server.request('/v1/sessions', { method: 'POST', body: formOf({ name: 'x' }) });
    expect(await errorOf(response)).toEqual(UNSUPPORTED);
  });
});

test('an empty form and an empty body are rejected as invalid', async () => {
  const missing = { status: 422, code: 'body.invalid', param: null };
  expect(await errorOf(await post(END))).toEqual({ ...missing, param: 'image' });
  expect(await errorOf(await post(''))).toEqual(missing);
  expect(await errorOf(await server.request('/v1/avatars', { method: 'POST' }))).toEqual(missing);
});

describe('a file of 10 MiB is accepted, and one with a byte more is rejected', () => {
  const TOO_LARGE = { status: 413, code: 'body.too_large', param: 'image' };

  test('with a Content-Length', async () => {
    expect((await postAvatar(server, { image: padded(MAX_IMAGE_BYTES) })).status).toBe(202);
    expect(await errorOf(await postAvatar(server, { image: padded(MAX_IMAGE_BYTES + 1) }))).toEqual(
      TOO_LARGE,
    );
  });

  test('in chunks', async () => {
    const body = (size: number) =>
      new Blob([field('name', 'x'), file(padded(size)), END].map((bytes) => new Uint8Array(bytes))).stream();
    expect((await post(body(MAX_IMAGE_BYTES))).status).toBe(202);
    expect(await errorOf(await post(body(MAX_IMAGE_BYTES + 1)))).toEqual(TOO_LARGE);
  });

  test('by the size of the whole body, in any field', async () => {
    for (const body of [Buffer.alloc(11_000_000), Buffer.concat([Buffer.alloc(11_000_000), valid()])]) {
      for (const sent of [body, new Blob([body]).stream()]) {
        expect(await errorOf(await post(sent))).toEqual({ status: 413, code: 'body.too_large', param: null });
      }
    }
  });

  test('by its Content-Length, before it is sent', async () => {
    const upload = begin({ 'Content-Length': '5000000000' });
    upload.flushHeaders();
    expect(await statusOf(upload)).toBe(413);
    upload.destroy();
  });
});

test('the connection stays usable after an error in the middle of a body', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    expect((await postAvatar(server, { surprise: 'x'.repeat(2_000_000) })).status).toBe(422);
    expect((await server.request('/v1/plans-that-are-not')).status).toBe(404);
  }
});

test('many small parts are rejected at the first one beyond the limit', async () => {
  const parts = Array.from({ length: 100_000 }, () => field('name', ''));
  expect(await errorOf(await post(Buffer.concat([...parts, END])))).toMatchObject({
    status: 422,
    param: 'name',
  });
});

describe('stalled uploads', () => {
  /** Node's channel on which its HTTP servers publish each request. */
  const REQUEST_STARTED = 'http.server.request.start';
  let uploads: ClientRequest[] = [];

  /** Uploads of 10 MB that never end. */
  async function stallUploads(count: number): Promise<void> {
    const bytes = Buffer.concat([field('name', 'x'), file(randomBytes(10_000_000))]).subarray(0, -40);
    const sockets: Socket[] = [];
    const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
    subscribe(REQUEST_STARTED, note);
    uploads = Array.from({ length: count }, () => begin({ 'Transfer-Encoding': 'chunked' }));
    await Promise.all(uploads.map((upload) => new Promise((resolve) => upload.write(bytes, resolve))));
    // The server runs in this process. Waits until it has read all bytes, or rejected those beyond its budget.
    await until(
      () => sockets.filter((socket) => socket.bytesRead > bytes.length || socket.destroyed).length === count,
    );
    unsubscribe(REQUEST_STARTED, note);
  }

  function abortUploads(): void {
    for (const upload of uploads) upload.destroy();
    uploads = [];
  }
  afterEach(abortUploads);

  test('are held within the memory budget; an upload beyond it is rejected with a 503', async () => {
    await stallUploads(3);
    const image = padded(9_000_000);
    const rejected = await postAvatar(server, { image });
    expect(rejected.headers.get('retry-after')).toBe('1');
    expect(await errorOf(rejected)).toEqual({ status: 503, code: 'at_capacity', param: null });
    // The budget still has room for a small upload.
    expect((await postAvatar(server)).status).toBe(202);

    abortUploads();
    await until(async () => (await postAvatar(server, { image })).status === 202);
  });

  test('that the client aborts use no memory and are not logged as errors', async () => {
    const before = await ownAvatars(server);
    await stallUploads(2);
    server.logLines.length = 0;
    abortUploads();
    const aborted = () => server.logLines.filter((line) => line.includes('"aborted":true'));
    await until(async () => aborted().length === 2);
    expect(server.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
    expect(await ownAvatars(server)).toEqual(before);
  });
});

test('a form with damage at any position is rejected at once, and never with an internal error', async () => {
  const keys = await server.createOrg({ id: 'fuzz', overrides: { requestsPerSecond: 100_000 } });
  const whole = valid();
  const at = fc.nat({ max: whole.length - 1 });
  const damage = fc.record({
    bytes: fc.array(fc.record({ at, value: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 5 }),
    end: fc.option(at, { nil: whole.length, freq: 2 }),
  });
  const sent = fc.asyncProperty(damage, async ({ bytes, end }) => {
    const body = Buffer.from(whole);
    for (const { at: index, value } of bytes) body[index] = value;
    const damaged = body.subarray(0, end + 1);
    const response = await server.request('/v1/avatars', {
      method: 'POST',
      key: keys.test,
      headers: FORM_TYPE,
      body: new Uint8Array(damaged),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.status === 202) {
      const { id } = (await response.json()) as { id: string };
      await server.request(`/v1/avatars/${id}`, { method: 'DELETE', key: keys.test });
    } else {
      expect([400, 422]).toContain(response.status);
      await errorOf(response);
    }
  });
  await fc.assert(sent, { seed: testSeed, numRuns: 150 });
});

/** An upload whose body the test controls. */
function begin(headers: Record<string, string>): ClientRequest {
  const upload = httpRequest(new URL('/v1/avatars', server.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.keys.test}`, ...FORM_TYPE, ...headers },
  });
  // The client aborts during the upload.
  upload.on('error', () => undefined);
  return upload;
}

function statusOf(upload: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    upload.once('response', ({ statusCode }) => resolve(statusCode)).once('error', reject);
  });
}
