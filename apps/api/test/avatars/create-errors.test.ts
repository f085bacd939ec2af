import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { postAvatar, type FormValue } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { interlacedImage, noisyImage, plainImage } from '../harness/images.ts';
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

const refused = async (fields: Record<string, FormValue | undefined>) =>
  errorOf(await postAvatar(server, fields));

const UNSUPPORTED = { status: 422, code: 'image.unsupported', param: 'image' };
const UNREADABLE = { status: 422, code: 'image.unreadable', param: 'image' };

const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';

test('a runtime type that no worker has is rejected with the available ones', async () => {
  const response = await postAvatar(server, { runtime_type: 'holodeck' });
  const { error } = (await response.clone().json()) as { error: { message: string } };
  expect(error.message).toContain('livekit');
  expect(await errorOf(response)).toEqual({ status: 422, code: 'body.invalid', param: 'runtime_type' });
});

describe('a file of another format is rejected regardless of its media type', () => {
  test.each<[string, Uint8Array]>([
    ['text', Buffer.from('this is not an image')],
    ['one byte', Buffer.from([0])],
    ['GIF', gif],
    ['SVG', Buffer.from(svg)],
    ['SVG after a declaration', Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n')],
    ['HTML', Buffer.from('<!doctype html><img src=x>')],
    ['a ZIP archive', Buffer.from('504b0304140000000800', 'hex')],
    ['a RIFF file that is not a WebP', Buffer.from('RIFF\x24\x00\x00\x00WAVEfmt ')],
    ['PNG after a blank', Buffer.concat([Buffer.from(' '), Buffer.from('89504e470d0a1a0a', 'hex')])],
  ])('%s', async (_name, bytes) => {
    const image = new File([new Uint8Array(bytes)], 'portrait.png', { type: 'image/png' });
    expect(await refused({ image })).toEqual(UNSUPPORTED);
  });

  test.each(['tiff', 'avif'] as const)('%s', async (format) => {
    const image = await sharp(await plainImage())
      .toFormat(format)
      .toBuffer();
    expect(await refused({ image })).toEqual(UNSUPPORTED);
  });
});

describe('a damaged image is rejected', () => {
  test.each(['png', 'jpeg', 'webp'] as const)(
    '%s, cut off in the middle or after its first bytes',
    async (format) => {
      const whole = await noisyImage(format);
      for (const length of [Math.floor(whole.length / 2), 40, 12]) {
        expect(await refused({ image: whole.subarray(0, length) })).toEqual(UNREADABLE);
      }
    },
  );

  test('a PNG with garbage inside', async () => {
    const broken = Buffer.from(await noisyImage('png'));
    broken.fill(0xaa, 200, broken.length - 200);
    expect(await refused({ image: broken })).toEqual(UNREADABLE);
  });

  test('a PNG with only a signature', async () => {
    expect(await refused({ image: Buffer.from('89504e470d0a1a0a', 'hex') })).toEqual(UNREADABLE);
  });
});

describe('an image with too many pixels is rejected before it is decoded', () => {
  test('a PNG of 100 megapixels in a megabyte', async () => {
    const bomb = await plainImage('png', { width: 10_000, height: 10_000 });
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(await refused({ image: bomb })).toEqual({
      status: 422,
      code: 'image.too_many_pixels',
      param: 'image',
    });
  });

  test('a PNG of 36 megapixels that takes twelve bytes a pixel while it is decoded', async () => {
    expect(await refused({ image: await interlacedImage(6000) })).toEqual({
      status: 422,
      code: 'image.too_many_pixels',
      param: 'image',
    });
  });

  test('a header that announces four billion pixels', async () => {
    const header = await plainImage('png');
    header.writeUInt32BE(65_000, 16);
    header.writeUInt32BE(65_000, 20);
    const { status, param } = await refused({ image: header });
    expect({ status, param }).toEqual({ status: 422, param: 'image' });
  });
});

describe('an invalid field is rejected with its name', () => {
  const invalid = (param: string) => ({ status: 422, code: 'body.invalid', param });

  test('a missing image', async () => {
    expect(await refused({ image: undefined })).toEqual(invalid('image'));
  });

  test('an empty image', async () => {
    expect(await refused({ image: new Uint8Array() })).toEqual(invalid('image'));
  });

  test('an image sent as a text', async () => {
    expect(await refused({ image: 'portrait.png' })).toEqual(UNSUPPORTED);
  });

  test('two images', async () => {
    const image = new Blob([new Uint8Array(await plainImage())]);
    expect(await refused({ image: [image, image] })).toEqual(invalid('image'));
  });

  test.each([
    ['an empty one', ''],
    ['one of blanks', '   '],
    ['one of 101 characters', 'x'.repeat(101)],
    ['one of a megabyte', 'x'.repeat(1_000_000)],
    ['one with a line break', 'Our\nhost'],
    ['one with a NUL', 'Our\0host'],
    ['one with an escape', 'Our\u001b[31mhost'],
  ])('a name: %s', async (_name, name) => {
    expect(await refused({ name })).toEqual(invalid('name'));
  });

  test('two names', async () => {
    expect(await refused({ name: ['One', 'Two'] })).toEqual(invalid('name'));
  });

  test.each(['surprise', 'Image', 'image[]', 'image.0', '__proto__', 'constructor', 'avatar[name]', ''])(
    'an unknown field: "%s"',
    async (field) => {
      const { status, code } = await refused({ [field]: 'x' });
      expect({ status, code }).toEqual({ status: 422, code: 'body.unknown_field' });
    },
  );

  test('a file in an unknown field', async () => {
    expect(await refused({ surprise: new Blob(['x']) })).toEqual({
      status: 422,
      code: 'body.unknown_field',
      param: 'surprise',
    });
  });

  test('a query parameter', async () => {
    const response = await server.request('/v1/avatars?name=Host', { method: 'POST', body: new FormData() });
    expect(await errorOf(response)).toMatchObject({ status: 422, code: 'parameter.unknown', param: 'name' });
  });
});

describe('a key', () => {
  test('without the scope is rejected before the image is read', async () => {
    const { secret } = await server.createKey({ scopes: ['sessions:write'] });
    stored = await storedRows(server.database);
    const response = await postAvatar(server, { image: new Uint8Array(11_000_000) }, { key: secret });
    expect(await errorOf(response)).toEqual({ status: 403, code: 'api_key.scope_required', param: null });
  });
});

test('an organisation has at most 100 custom avatars, not counting those of others', async () => {
  const keys = await server.createOrg({ id: 'collector' });
  const row = (index: number) => ({
    orgId: 'collector',
    mode: 'test' as const,
    id: `av_old_${index}`,
    name: 'Old',
    status: 'ready' as const,
    runtimeType: 'livekit',
  });
  await server.database.prisma.avatar.createMany({
    data: Array.from({ length: 98 }, (_, index) => row(index)),
  });
  const responses = await Promise.all([1, 2, 3, 4, 5].map(() => postAvatar(server, {}, { key: keys.test })));
  const statuses = responses.map(({ status }) => status).sort();
  expect(statuses).toEqual([202, 202, 403, 403, 403]);
  const full = await postAvatar(server, {}, { key: keys.live });
  expect(full.headers.get('retry-after')).toBeNull();
  expect(await errorOf(full)).toEqual({ status: 403, code: 'avatar.limit_reached', param: null });
  expect((await server.request('/v1/avatars/av_old_0', { method: 'DELETE', key: keys.test })).status).toBe(
    204,
  );
  expect((await postAvatar(server, {}, { key: keys.test })).status).toBe(202);
  stored = await storedRows(server.database);
});
