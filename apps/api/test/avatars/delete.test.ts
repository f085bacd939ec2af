import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { purgePortraits } from '../../src/avatars/portrait-repository.ts';
import { ownAvatars, readyAvatar, storedPortrait } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession, getSession, postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const remove = (id: string, key?: string) =>
  server.request(`/v1/avatars/${id}`, { method: 'DELETE', ...(key !== undefined && { key }) });

const NOT_FOUND = { status: 404, code: 'avatar.not_found', param: 'avatar_id' };

/** Makes an avatar look as if it was deleted an hour ago. */
async function anHourLater(id: string): Promise<void> {
  const deletedAt = new Date(Date.now() - 3_600_000);
  await server.database.prisma.avatarPortrait.updateMany({ where: { avatarId: id }, data: { deletedAt } });
  await purgePortraits(server.database);
}

test('an avatar is visible only to keys of the mode that created it', async () => {
  const { id } = await readyAvatar(server);
  const key = server.keys.live;
  expect(await ownAvatars(server)).toContain(id);
  expect(await ownAvatars(server, key)).not.toContain(id);
  expect(await errorOf(await server.request(`/v1/avatars/${id}`, { key }))).toEqual(NOT_FOUND);
  expect(await errorOf(await postSession(server, { avatar_id: id }, { key }))).toEqual(NOT_FOUND);
  expect(await errorOf(await remove(id, key))).toEqual(NOT_FOUND);
  expect((await createSession(server, { avatar_id: id })).avatar_id).toBe(id);
});

describe('a deleted avatar', () => {
  test('is in no response, and deleting it again returns 404', async () => {
    const { id } = await readyAvatar(server);
    expect((await remove(id)).status).toBe(204);
    expect(await ownAvatars(server)).not.toContain(id);
    expect(await errorOf(await server.request(`/v1/avatars/${id}`))).toEqual(NOT_FOUND);
    expect(await errorOf(await postSession(server, { avatar_id: id }))).toEqual(NOT_FOUND);
    expect(await errorOf(await remove(id))).toEqual(NOT_FOUND);
  });

  test('is deleted by one of several concurrent requests', async () => {
    const { id } = await readyAvatar(server);
    const responses = await Promise.all([1, 2, 3, 4].map(() => remove(id)));
    expect(responses.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404]);
  });

  test('loses its portrait after a while', async () => {
    const { id } = await readyAvatar(server);
    await remove(id);
    await purgePortraits(server.database);
    expect(await storedPortrait(server, id)).not.toBeNull();
    await anHourLater(id);
    expect(await storedPortrait(server, id)).toBeNull();
  });

  test.each(['test', 'live'] as const)(
    'keeps its portrait for a %s session that is live, until the session ends',
    async (mode) => {
      const key = server.keys[mode];
      const { id } = await readyAvatar(server, {}, { key });
      const session = await createSession(server, { avatar_id: id }, key);
      await remove(id);
      await anHourLater(id);
      expect((await storedPortrait(server, id))?.portrait).toBeInstanceOf(Uint8Array);
      expect(await getSession(server, session.id, key)).toMatchObject({ avatar_id: id, status: 'queued' });
      await endSession(server, session.id, key);
      await anHourLater(id);
      expect(await storedPortrait(server, id)).toBeNull();
    },
  );

  test('is not processed any further, and leaves no data behind', async () => {
    const id = 'av_being_processed';
    const { prisma } = server.database;
    await prisma.avatar.create({
      data: { orgId: 'dev', id, mode: 'test', name: 'x', status: 'processing', runtimeType: 'livekit' },
    });
    await prisma.avatarPortrait.create({
      data: { orgId: 'dev', avatarId: id, sourceImage: new Uint8Array([1]) },
    });
    expect((await remove(id)).status).toBe(204);
    expect(await storedPortrait(server, id)).toBeNull();
  });
});

test('portraits of existing avatars are not erased, however old they are', async () => {
  const { id } = await readyAvatar(server);
  await purgePortraits(server.database);
  expect((await storedPortrait(server, id))?.portrait).toBeInstanceOf(Uint8Array);
});

test('deleting a stock avatar is rejected with a specific code', async () => {
  expect(await errorOf(await remove('av_stock_001'))).toEqual({
    status: 400,
    code: 'avatar.stock',
    param: 'avatar_id',
  });
  expect((await server.request('/v1/avatars/av_stock_001')).status).toBe(200);
});

test('an avatar of another organisation is not found and not deleted', async () => {
  const other = await server.createOrg({ id: 'stranger' });
  const { id } = await readyAvatar(server);
  expect(await errorOf(await remove(id, other.test))).toEqual(NOT_FOUND);
  expect(await ownAvatars(server)).toContain(id);
});

test.each(['av_nobody', 'nonsense', 'av_'])('an id that no avatar has is not found: %s', async (id) => {
  expect(await errorOf(await remove(id))).toEqual(NOT_FOUND);
});

test('a key without the scope may read avatars but not delete them', async () => {
  const { secret } = await server.createKey({ scopes: ['sessions:read'] });
  const { id } = await readyAvatar(server);
  expect((await server.request(`/v1/avatars/${id}`, { key: secret })).status).toBe(200);
  expect(await errorOf(await remove(id, secret))).toEqual({
    status: 403,
    code: 'api_key.scope_required',
    param: null,
  });
});
