import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, query } from '@greenroom/database/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { outcomeOf } from '../harness/programs.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerWorker } from '../harness/worker.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const doctor = (env: Record<string, string>) => outcomeOf('cli/greenroom.ts', ['doctor'], env);

test('a server without workers is a warning, and with one everything is ok', async () => {
  const checks = ['environment', 'database', 'migrations', 'notifications', 'clock'];
  const ok = checks.map((check) => ({ check, status: 'ok' }));
  expect(await greenroomJson(server, 'doctor')).toMatchObject([
    ...ok,
    { check: 'workers', status: 'warning' },
  ]);
  await registerWorker(server);
  expect(await greenroomJson(server, 'doctor')).toMatchObject([...ok, { check: 'workers', status: 'ok' }]);
  const { output } = await greenroom(server, 'doctor');
  expect(output).toMatch(/^database +ok +It can be reached/m);
});

test('a clock that differs is a warning', async () => {
  const { status, output } = await doctor({
    DATABASE_URL: server.databaseUrl,
    NODE_OPTIONS: `--import ${new URL('../harness/shifted-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: '60000',
  });
  expect(output).toMatch(/^clock +warning +This machine's clock is \d+ ms ahead/m);
  expect(status).toBe(0);
});

test('a database without tables has to be migrated', async () => {
  const empty = await createTestDatabase({ empty: true });
  const { status, output } = await doctor({ DATABASE_URL: empty.url });
  expect(status).toBe(1);
  expect(output).toMatch(/^migrations +failed +It lacks .* Start the server: it migrates the database\.$/m);
  expect(await query(empty.url, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  await empty.drop();
});

test('a read-only database cannot be used', async () => {
  const readOnly = await createTestDatabase();
  const url = new URL(readOnly.url);
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const { status, output } = await doctor({ DATABASE_URL: url.href });
  expect(status).toBe(1);
  expect(output).toMatch(/^database +failed +It is read-only/m);
  await readOnly.drop();
});

test('an unreachable database and an invalid environment are named', async () => {
  const url = 'postgres://someone:secret-word@127.0.0.1:1/greenroom';
  const unreachable = await doctor({ DATABASE_URL: url });
  expect(unreachable.status).toBe(1);
  expect(unreachable.output).toMatch(/^database +failed/m);
  expect(unreachable.output).not.toContain('secret-word');
  const invalid = await doctor({ PORT: 'many' });
  expect(invalid.status).toBe(1);
  expect(invalid.output).toMatch(/^environment +failed .*PORT/m);
});

test('without DATABASE_URL and a database in the data directory, none is created', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-doctor-'));
  const { status, output } = await doctor({ GREENROOM_DATA_DIR: dataDir });
  expect(status).toBe(1);
  expect(output).toContain(`DATABASE_URL is not set, and ${dataDir} has no database.`);
  expect(await readdir(dataDir)).toEqual([]);
  await rm(dataDir, { recursive: true });
});
