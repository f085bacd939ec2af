import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase, type Database } from '@greenroom/database';
import { createTestDatabase } from '@greenroom/database/testing';
import { freePort, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { formOf, type Avatar } from '../harness/avatars.ts';
import { faceImage } from '../harness/images.ts';
import { runProgram, type Program } from '../harness/programs.ts';

jest.setTimeout(60_000);

let dataDir: string;
let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
let database: Database;
let running: Program | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-crash-'));
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolSize: 2, applicationName: 'greenroom-test' });
});
afterAll(async () => {
  await kill();
  await database.close();
  await testDatabase.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const port = String(await freePort());
  running = runProgram('main.ts', [], {
    DATABASE_URL: testDatabase.url,
    GREENROOM_DATA_DIR: dataDir,
    PORT: port,
  });
  await running.printed(/^ +curl .*\n/m);
  const { test_key: key = '' } = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as Record<
    string,
    string
  >;
  return (path, init = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { Authorization: `Bearer ${key}` } });
}

async function kill(): Promise<void> {
  running?.process.kill('SIGKILL');
  await running?.exited;
  running = null;
}

test('a portrait is rendered after a restart when its process was killed during the job', async () => {
  // Large enough that processing takes a while.
  const image = await faceImage('jpeg', { side: 4500 });
  const request = await start();
  const created = await request('/v1/avatars', { method: 'POST', body: formOf({ image, name: 'Our host' }) });
  expect(created.status).toBe(202);
  const { id } = (await created.json()) as Avatar;
  await until(async () => (await database.prisma.avatarPortrait.count({ where: { attempts: 1 } })) === 1);
  await kill();
  expect(await database.prisma.avatar.findFirst({ where: { id } })).toMatchObject({ status: 'processing' });

  // Another process takes it after a minute.
  const createdAt = new Date(Date.now() - 90_000);
  await database.prisma.avatar.updateMany({ where: { id }, data: { createdAt } });
  const again = await start();
  const get = async () => (await (await again(`/v1/avatars/${id}`)).json()) as Avatar;
  await until(async () => (await get()).status !== 'processing');
  expect(await get()).toMatchObject({ status: 'ready', failure_reason: null });
  const portrait = await database.prisma.avatarPortrait.findFirst({ where: { avatarId: id } });
  expect(portrait).toMatchObject({ sourceImage: null, attempts: 2, image: expect.any(Uint8Array) });
});
