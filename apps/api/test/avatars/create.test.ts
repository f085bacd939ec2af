import { avatarFailures } from '@greenroom/contract';
import { photograph } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { ownAvatars, postAvatar, readyAvatar, storedPortrait, type Avatar } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { faceImage, plainImage } from '../harness/images.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerWorker } from '../harness/worker.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Uploads a source image and returns its portrait. */
async function portraitOf(image: Uint8Array): Promise<Uint8Array> {
  const { id, status, failure_reason } = await readyAvatar(server, { image });
  expect({ status, failure_reason }).toEqual({ status: 'ready', failure_reason: null });
  const { portrait } = (await storedPortrait(server, id)) ?? {};
  if (portrait == null) throw new Error('There is no portrait.');
  return portrait;
}

describe('an avatar', () => {
  test('has a default name', async () => {
    expect((await readyAvatar(server, { name: undefined })).name).toBe('Custom Avatar');
  });

  test('has the requested runtime type, by default the one that animates portraits', async () => {
    await registerWorker(server, { runtime_type: 'studio' });
    expect((await readyAvatar(server, { runtime_type: 'studio' })).runtime_type).toBe('studio');
    expect((await readyAvatar(server, { runtime_type: 'livekit' })).runtime_type).toBe('livekit');
    expect((await readyAvatar(server)).runtime_type).toBe('livekit');
  });

  test('accepts an image without a media type', async () => {
    const image = new Blob([new Uint8Array(await faceImage())], { type: 'application/octet-stream' });
    expect((await readyAvatar(server, { image })).status).toBe('ready');
  });

  test('counts towards the limit of the plan', async () => {
    const keys = await server.createOrg({ id: 'beginner', planId: 'free' });
    expect((await postAvatar(server, {}, { key: keys.test })).status).toBe(202);
    expect((await postAvatar(server, {}, { key: keys.live })).status).toBe(403);
  });

  test('is created as processing, with its location, and becomes ready', async () => {
    const response = await postAvatar(server, { name: 'Our höst 😀' });
    expect(response.status).toBe(202);
    const avatar = (await response.clone().json()) as Avatar;
    expect(avatar).toEqual({
      id: expect.stringMatching(/^av_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      object: 'avatar',
      name: 'Our höst 😀',
      status: 'processing',
      runtime_type: 'livekit',
      is_demo: false,
      created_at: expect.stringMatching(/\.\d{3}Z$/),
      failure_reason: null,
    });
    expect(response.headers.get('location')).toBe(`/v1/avatars/${avatar.id}`);
    expect(Math.abs(Date.parse(avatar.created_at) - Date.now())).toBeLessThan(10_000);

    const ready = await readyAvatar(server);
    expect(ready.status).toBe('ready');
    expect(await ownAvatars(server)).toEqual(expect.arrayContaining([avatar.id, ready.id]));
  });

  test('is visible only to its organisation', async () => {
    const other = await server.createOrg({ id: 'neighbour' });
    const { id } = await readyAvatar(server);
    expect(await ownAvatars(server)).toContain(id);
    expect(await ownAvatars(server, other.test)).toEqual([]);
    expect((await server.request(`/v1/avatars/${id}`, { key: other.test })).status).toBe(404);
  });

  test('can be used in sessions only when it is ready', async () => {
    const { id } = await readyAvatar(server);
    expect((await postSession(server, { avatar_id: id })).status).toBe(201);
    await server.database.prisma.avatar.updateMany({ where: { id }, data: { status: 'processing' } });
    expect(await errorOf(await postSession(server, { avatar_id: id }))).toMatchObject({
      status: 409,
      code: 'avatar.not_ready',
    });
  });
});

describe('a portrait', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('is rendered from a %s image', async (format) => {
    const metadata = await sharp(await portraitOf(await faceImage(format))).metadata();
    expect(metadata).toMatchObject({ format: 'webp', hasAlpha: false });
    expect(metadata.width).toBe(metadata.height);
  });

  test('is a square around the face', async () => {
    const size = { width: 1600, height: 450 };
    const portrait = await portraitOf(await facesAt(size, { side: 450, left: 1150, top: 0 }));
    const alone = await portraitOf(await faceImage('png', { side: 450 }));
    const { width, height } = await sharp(portrait).metadata();
    expect(width).toBe(height);
    expect(Math.abs(width - (await sharp(alone).metadata()).width)).toBeLessThan(10);
    expect(await difference(portrait, alone)).toBeLessThan(15);
  });

  test('is upright according to the EXIF data, and has no metadata', async () => {
    const upright = await faceImage('jpeg', { side: 400 });
    // Rotated: the left side of the file is the top of the image.
    const lying = await sharp(upright)
      .rotate(270)
      .jpeg({ quality: 100 })
      .withExif({ IFD0: { Artist: 'a person' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(lying.includes('a person')).toBe(true);
    const portrait = await portraitOf(lying);
    const { exif, xmp, iptc, icc, orientation } = await sharp(portrait).metadata();
    expect({ exif, xmp, iptc, icc, orientation }).toEqual({});
    expect(Buffer.from(portrait).includes('a person')).toBe(false);
    expect(await difference(portrait, await portraitOf(upright))).toBeLessThan(5);
  });

  test('is at most 1024 pixels wide and never enlarged', async () => {
    const large = await sharp(await portraitOf(await faceImage('jpeg', { side: 3000 }))).metadata();
    expect([large.width, large.height]).toEqual([1024, 1024]);
    const small = await sharp(await portraitOf(await faceImage())).metadata();
    expect(small.width).toBeLessThanOrEqual(330);
  });

  test('keeps transparency', async () => {
    const clear = await sharp(await faceImage('png'))
      .extend({ top: 100, background: '#00000000' })
      .png()
      .toBuffer();
    expect((await sharp(await portraitOf(clear)).metadata()).hasAlpha).toBe(true);
  });

  test('is of the first frame of an animation', async () => {
    const frames = [await faceImage('png'), await plainImage('png', { width: 330, height: 330 })];
    const animation = await sharp(frames, { join: { animated: true } })
      .webp({ loop: 0, delay: [100, 100], lossless: true })
      .toBuffer();
    const portrait = await portraitOf(animation);
    expect((await sharp(portrait).metadata()).pages ?? 1).toBe(1);
    expect(await difference(portrait, await portraitOf(await faceImage('png')))).toBeLessThan(5);
  });

  test('is small for any source image, and replaces it', async () => {
    const image = await faceImage('png', { side: 1500 });
    const { id } = await readyAvatar(server, { image });
    const { sourceImage, portrait } = (await storedPortrait(server, id)) ?? {};
    expect(sourceImage).toBeNull();
    expect(portrait?.length).toBeLessThan(1_500_000);
  });
});

describe('an image without one face that can be animated', () => {
  test.each([
    ['no face', () => photograph('cat'), avatarFailures.no_face],
    ['nothing at all', () => plainImage(), avatarFailures.no_face],
    ['a profile', () => photograph('profile'), avatarFailures.face_turned],
    [
      'a head on its side',
      async () =>
        sharp(await faceImage())
          .rotate(90)
          .toBuffer(),
      avatarFailures.face_turned,
    ],
    ['a small face', () => faceImage('jpeg', { side: 250 }), avatarFailures.face_too_small],
    [
      'half a mouth',
      async () =>
        sharp(await faceImage('png', { side: 660 }))
          .extract({ left: 330, top: 0, width: 330, height: 660 })
          .toBuffer(),
      avatarFailures.face_cut_off,
    ],
    [
      'two faces',
      () =>
        facesAt(
          { width: 800, height: 400 },
          { side: 330, left: 20, top: 20 },
          { side: 300, left: 430, top: 20 },
        ),
      avatarFailures.several_faces,
    ],
  ])('fails with the reason: %s', async (_shown, image, reason) => {
    const avatar = await readyAvatar(server, { image: await image() });
    expect(avatar).toMatchObject({ status: 'failed', failure_reason: reason });
    expect(await storedPortrait(server, avatar.id)).toBeNull();
  });

  test('is accepted when the other faces are small, in the background', async () => {
    const image = await facesAt(
      { width: 800, height: 600 },
      { side: 600, left: 0, top: 0 },
      { side: 120, left: 640, top: 20 },
    );
    expect((await readyAvatar(server, { image })).status).toBe('ready');
  });
});

interface Placed {
  side: number;
  left: number;
  top: number;
}

/** Returns an image with a photograph of a face at each place. */
async function facesAt(size: { width: number; height: number }, ...places: Placed[]): Promise<Buffer> {
  const faces = places.map(async ({ side, ...place }) => ({
    input: await faceImage('png', { side }),
    ...place,
  }));
  return sharp({ create: { ...size, channels: 3, background: '#c0c8d0' } })
    .composite(await Promise.all(faces))
    .jpeg()
    .toBuffer();
}

/** Returns the mean difference of two images of the same size, of 255. */
async function difference(one: Uint8Array, other: Uint8Array): Promise<number> {
  const { data: pixels, info } = await sharp(one).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const others = await sharp(other).removeAlpha().resize(info.width, info.height).raw().toBuffer();
  const sum = pixels.reduce((total, value, index) => total + Math.abs(value - (others[index] ?? 0)), 0);
  return sum / pixels.length;
}

test('the limit of a name counts characters, not bytes', async () => {
  const name = '😀'.repeat(50) + 'ß'.repeat(50);
  expect((await postAvatar(server, { name })).status).toBe(202);
});

test('the bytes of an image decide its type, not its name or media type', async () => {
  const image = new File([new Uint8Array(await plainImage('jpeg'))], '../../etc/passwd.exe', {
    type: 'text/html',
  });
  expect((await postAvatar(server, { image })).status).toBe(202);
});

describe('the same request with an idempotency key', () => {
  const headers = { 'Idempotency-Key': 'my-avatar' };

  test('gets the first response again and creates one avatar', async () => {
    const image = await plainImage('webp');
    const before = await ownAvatars(server);
    const first = await postAvatar(server, { image }, { headers });
    const second = await postAvatar(server, { image }, { headers });
    expect(second.status).toBe(202);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await second.json()).toEqual(await first.json());
    expect(await ownAvatars(server)).toHaveLength(before.length + 1);
  });

  test('with another image or name is rejected', async () => {
    const others = [{ image: await plainImage('webp', { background: '#123456' }) }, { name: 'Another' }];
    for (const other of others) {
      const response = await postAvatar(server, { image: await plainImage('webp'), ...other }, { headers });
      expect(await errorOf(response)).toEqual({
        status: 409,
        code: 'idempotency_key.reused',
        param: 'Idempotency-Key',
      });
    }
  });

  test('sent concurrently creates one avatar', async () => {
    const image = await plainImage('png');
    const before = await ownAvatars(server);
    const init = { headers: { 'Idempotency-Key': 'twice at once' } };
    const responses = await Promise.all([1, 2, 3].map(() => postAvatar(server, { image }, init)));
    for (const { status } of responses) expect([202, 409]).toContain(status);
    expect(await ownAvatars(server)).toHaveLength(before.length + 1);
  });

  test('is processed when the first request was rejected', async () => {
    const init = { headers: { 'Idempotency-Key': 'corrected' } };
    expect((await postAvatar(server, { image: new Uint8Array([1, 2, 3]) }, init)).status).toBe(422);
    expect((await postAvatar(server, {}, init)).status).toBe(202);
  });
});
