import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { createWorkerKey } from '../../src/workers/worker-key-service.ts';
import { readyAvatar, storedPortrait } from '../harness/avatars.ts';
import { errorOf } from '../harness/error-response.ts';
import { createSession, endSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

let server: TestServer;
let worker: TestWorker;

beforeAll(async () => {
  server = await startTestServer();
  worker = await registerWorker(server);
});
afterAll(() => server.close());

interface Asked {
  fence?: number | string;
  key?: string;
}

function portraitOf({ session, fence }: Assignment, asked: Asked = {}) {
  const query = `fence=${asked.fence ?? fence}`;
  return server.request(`/internal/v1/assignments/${session.id}/portrait?${query}`, {
    key: asked.key ?? server.keys.worker,
  });
}

async function assigned(avatarId: string): Promise<Assignment> {
  await createSession(server, { avatar_id: avatarId });
  return claimed(worker);
}

const LOST = { status: 409, code: 'assignment.lost', param: 'fence' };
const NOT_FOUND = { status: 404, code: 'session.not_found', param: 'session_id' };

describe('the portrait of an assignment', () => {
  test('is the portrait of its avatar, as WebP', async () => {
    const avatar = await readyAvatar(server);
    const response = await portraitOf(await assigned(avatar.id));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(bytes).toEqual(new Uint8Array((await storedPortrait(server, avatar.id))?.portrait ?? []));
    expect((await sharp(bytes).metadata()).format).toBe('webp');
  });

  test('is kept when the customer deletes the avatar during the session', async () => {
    const { id } = await readyAvatar(server);
    const assignment = await assigned(id);
    await server.request(`/v1/avatars/${id}`, { method: 'DELETE' });
    expect((await portraitOf(assignment)).status).toBe(200);
  });

  test('is kept for a session that was queued when the avatar was deleted', async () => {
    const { id } = await readyAvatar(server);
    await createSession(server, { avatar_id: id });
    await server.request(`/v1/avatars/${id}`, { method: 'DELETE' });
    expect((await portraitOf(await claimed(worker))).status).toBe(200);
  });

  test('does not exist for a stock avatar', async () => {
    expect(await errorOf(await portraitOf(await assigned('av_stock_002')))).toEqual({
      status: 404,
      code: 'avatar.no_portrait',
      param: 'session_id',
    });
  });
});

describe('an assignment', () => {
  test('has the landmarks of the portrait, in its lower half', async () => {
    const { id } = await readyAvatar(server);
    const { portrait_landmarks: landmarks } = await assigned(id);
    const [left, right] = [landmarks?.lower_lip[0], landmarks?.lower_lip.at(-1)];
    expect(left?.x).toBeLessThan(right?.x ?? 0);
    expect(landmarks?.jaw[8]?.y).toBeGreaterThan(left?.y ?? 1);
    expect(left?.y).toBeGreaterThan(0.4);
  });

  test('has no landmarks for a stock avatar, or for a portrait of an earlier version', async () => {
    expect((await assigned('av_stock_001')).portrait_landmarks).toBeNull();
    const { id } = await readyAvatar(server);
    await server.database.pool.query('UPDATE avatar_portraits SET landmarks = NULL WHERE avatar_id = $1', [
      id,
    ]);
    expect((await assigned(id)).portrait_landmarks).toBeNull();
  });
});

describe('a request for a portrait is rejected', () => {
  test('from a worker that lost the assignment', async () => {
    const { id } = await readyAvatar(server);
    const assignment = await assigned(id);
    expect(await errorOf(await portraitOf(assignment, { fence: assignment.fence + 1 }))).toEqual(LOST);
    await endSession(server, assignment.session.id);
    expect(await errorOf(await portraitOf(assignment))).toEqual(LOST);
  });

  test('from a worker of another key, like a session that does not exist', async () => {
    const { secret } = await createWorkerKey(server.database, 'another', SYSTEM);
    const assignment = await assigned('av_stock_001');
    expect(await errorOf(await portraitOf(assignment, { key: secret }))).toEqual(NOT_FOUND);
  });

  test('from a customer', async () => {
    const assignment = await assigned('av_stock_001');
    expect(await errorOf(await portraitOf(assignment, { key: server.keys.test }))).toMatchObject({
      status: 403,
      code: 'api_key.wrong_kind',
    });
  });

  test('for a session that does not exist', async () => {
    const assignment = await assigned('av_stock_001');
    const session = { ...assignment.session, id: 'sess_01KKGP79VG6A09Y83A35BZFNZE' };
    expect(await errorOf(await portraitOf({ ...assignment, session }))).toEqual(NOT_FOUND);
  });

  test.each(['', '0', '-1', '1e1', '0x1', ' 1', '9007199254740992', 'x'])(
    'with an invalid fence: "%s"',
    async (fence) => {
      const assignment = await assigned('av_stock_001');
      expect(await errorOf(await portraitOf(assignment, { fence: encodeURIComponent(fence) }))).toEqual({
        status: 422,
        code: 'parameter.invalid',
        param: 'fence',
      });
    },
  );
});
