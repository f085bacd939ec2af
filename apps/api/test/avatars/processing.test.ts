import { kill, pid as ownPid, platform } from 'node:process';

import { createTestDatabase, query } from '@greenroom/database/testing';
import { photograph, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';

import { PORTRAIT_TASK } from '../../src/avatars/portrait-job-repository.ts';
import { processPortrait, sweepPortraits } from '../../src/avatars/portrait-jobs.ts';
import { DispatchNotifier } from '../../src/dispatch/dispatch-notifier.ts';
import { ImageProcessor } from '../../src/images/image-processor.ts';
import { settledAvatar, storedPortrait, type Avatar } from '../harness/avatars.ts';
import { noisyImage } from '../harness/images.ts';
import { childrenNaming } from '../harness/processes.ts';
import { read } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
const images = new ImageProcessor();

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  images.stop();
  await server.close();
});

let count = 0;

/** Inserts an unprocessed avatar that was uploaded some minutes ago and has no job. */
async function leftBehind(
  sourceImage: Buffer,
  { minutes = 0, attempts = 0, at = server } = {},
): Promise<string> {
  const id = `av_left_behind_${(count += 1)}`;
  const createdAt = new Date(Date.now() - minutes * 60_000);
  const { prisma } = at.database;
  await prisma.avatar.create({
    data: {
      orgId: 'dev',
      id,
      mode: 'test',
      name: 'Left behind',
      status: 'processing',
      runtimeType: 'livekit',
      createdAt,
    },
  });
  await prisma.avatarPortrait.create({
    data: { orgId: 'dev', avatarId: id, sourceImage: new Uint8Array(sourceImage), attempts },
  });
  return id;
}

const log = pino({ level: 'silent' });

const process = (id: string) => {
  const { database } = server;
  const notifier = new DispatchNotifier(database, log);
  return processPortrait({ database, images, notifier, log })({ orgId: 'dev', id });
};
const get = (id: string) => read<Avatar>(server.request(`/v1/avatars/${id}`));

describe('an uploaded image', () => {
  test('is rendered once, however many jobs process it', async () => {
    const id = await leftBehind(await photograph('face'));
    await Promise.all([process(id), process(id)]);
    const portrait = await storedPortrait(server, id);
    expect(portrait).toMatchObject({ sourceImage: null, portrait: expect.any(Uint8Array) });
    await process(id);
    expect(await storedPortrait(server, id)).toEqual(portrait);
    expect(await get(id)).toMatchObject({ status: 'ready', failure_reason: null });
  });

  test('that cannot be processed fails its avatar with the reason, and is erased', async () => {
    const whole = await noisyImage('png');
    const id = await leftBehind(whole.subarray(0, whole.length / 2));
    await process(id);
    expect(await get(id)).toMatchObject({
      status: 'failed',
      failure_reason: expect.stringMatching(/damaged/),
    });
    expect(await storedPortrait(server, id)).toBeNull();
  });

  test('that crashed its process three times fails its avatar', async () => {
    const id = await leftBehind(await photograph('face'), { attempts: 3 });
    await process(id);
    expect(await get(id)).toMatchObject({
      status: 'failed',
      failure_reason: expect.stringMatching(/several attempts/),
    });
    expect(await storedPortrait(server, id)).toBeNull();
  });

  test('is kept for another attempt when the database fails during processing', async () => {
    const id = await leftBehind(await photograph('face'));
    const { pool } = server.database;
    await pool.query(
      `ALTER TABLE avatars ADD CONSTRAINT never_ready CHECK (id <> '${id}' OR status = 'processing') NOT VALID`,
    );
    await expect(process(id)).rejects.toThrow();
    await pool.query('ALTER TABLE avatars DROP CONSTRAINT never_ready');
    expect(await storedPortrait(server, id)).toMatchObject({
      sourceImage: expect.any(Uint8Array),
      attempts: 1,
    });
    await process(id);
    expect((await get(id)).status).toBe('ready');
  });
});

describe('an avatar whose process was killed during its job', () => {
  test('is processed by another within a minute or two', async () => {
    const id = await leftBehind(await photograph('face'), { minutes: 2 });
    await sweepPortraits(server.database)();
    expect((await settledAvatar(server, id)).status).toBe('ready');
  });

  test('is left to its own job for the first minute', async () => {
    const id = await leftBehind(await photograph('face'));
    await sweepPortraits(server.database)();
    const { rows } = await server.database.pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [
      `${PORTRAIT_TASK}:${id}`,
    ]);
    expect(rows).toEqual([]);
    await process(id);
  });

  test('is processed by a server that starts', async () => {
    const id = await leftBehind(await photograph('face'), { minutes: 2 });
    const other = await server.another();
    expect((await settledAvatar(other, id)).status).toBe('ready');
    await other.close();
  });
});

const withoutProc = platform === 'linux' ? '' : 'it needs /proc';
(withoutProc === '' ? test : test.skip)(
  skippable('an image in progress when its server stops is left to another server at once', withoutProc),
  async () => {
    const testDatabase = await createTestDatabase();
    const stopping = await startTestServer({ databaseUrl: testDatabase.url });
    const id = await leftBehind(await photograph('face'), { minutes: 2, at: stopping });
    const others = images.pids;
    await sweepPortraits(stopping.database)();
    const decoders = async () =>
      (await childrenNaming('decoder-process', ownPid)).filter((pid) => !others.includes(pid));
    await until(async () => (await decoders()).length > 0);
    for (const pid of await decoders()) kill(pid, 'SIGSTOP');
    await stopping.close();
    const jobs = await query(
      testDatabase.url,
      'SELECT locked_at, last_error FROM graphile_worker.jobs WHERE key = $1',
      [`${PORTRAIT_TASK}:${id}`],
    );
    expect(jobs).toEqual([{ locked_at: null, last_error: expect.stringMatching(/decoder/) }]);
    await testDatabase.drop();
  },
);
