import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { postAvatar, readyAvatar, settledAvatar, storedPortrait, type Avatar } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { plainImage } from '../harness/images.ts';
import { read, type List } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function previewOf(id: string, { key, etag }: { key?: string; etag?: string } = {}): Promise<Response> {
  return server.request(`/v1/avatars/${id}/preview`, {
    ...(key !== undefined && { key }),
    headers: etag === undefined ? {} : { 'If-None-Match': etag },
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/webp');
  return new Uint8Array(await response.arrayBuffer());
}

test('each stock avatar has a preview, which any cache may keep', async () => {
  const { data } = await read<List<Avatar>>(server.request('/v1/avatars?scope=platform'));
  const tags = new Set<string | null>();
  for (const { id } of data) {
    const response = await previewOf(id);
    expect(response.headers.get('cache-control')).toMatch(/^public, max-age=[1-9]/);
    tags.add(response.headers.get('etag'));
    expect(await sharp(await bytesOf(response)).metadata()).toMatchObject({ width: 512, height: 512 });
  }
  expect(tags.size).toBe(data.length);
});

test("an organisation's own avatar has its portrait as preview, which only private caches may keep", async () => {
  const { id } = await readyAvatar(server);
  const response = await previewOf(id);
  expect(response.headers.get('cache-control')).toMatch(/^private, max-age=[1-9]/);
  expect(response.headers.get('vary')).toContain('Authorization');
  expect(await bytesOf(response)).toEqual(new Uint8Array((await storedPortrait(server, id))?.portrait ?? []));
});

test('a preview that the client already has is not sent again', async () => {
  for (const id of ['av_stock_001', (await readyAvatar(server)).id]) {
    const etag = (await previewOf(id)).headers.get('etag') ?? '';
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await previewOf(id, { etag: condition });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toMatch(/max-age/);
      expect(await response.text()).toBe('');
    }
    expect((await previewOf(id, { etag: '"other"' })).status).toBe(200);
  }
});

test('the preview of an avatar does not exist for another organisation, for the other mode, or once deleted', async () => {
  const other = await server.createOrg({ id: 'neighbour' });
  const { id } = await readyAvatar(server);
  const etag = (await previewOf(id)).headers.get('etag') ?? '';
  const notFound = { status: 404, code: 'avatar.not_found', param: 'avatar_id' };
  for (const key of [other.test, server.keys.live]) {
    expect(await errorOf(await previewOf(id, { key, etag }))).toEqual(notFound);
  }
  await server.request(`/v1/avatars/${id}`, { method: 'DELETE' });
  expect(await errorOf(await previewOf(id, { etag }))).toEqual(notFound);
});

test('an avatar without a portrait has no preview', async () => {
  const { id } = await read<Avatar>(postAvatar(server, { image: await plainImage() }));
  await settledAvatar(server, id);
  const notReady = { status: 409, code: 'avatar.not_ready', param: 'avatar_id' };
  expect(await errorOf(await previewOf(id))).toEqual(notReady);
  await server.database.prisma.avatar.updateMany({
    where: { id },
    data: { status: 'processing', failureReason: null },
  });
  expect(await errorOf(await previewOf(id))).toEqual(notReady);
});
