import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTestDatabase, query } from '@greenroom/database/testing';
import { freePort } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { outcomeOf, runProgram } from '../harness/programs.ts';
import { startTestServer, TOKEN_KEY, type TestServer } from '../harness/test-server.ts';
import { registerWorker } from '../harness/worker.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const doctor = (env: Record<string, string>) => outcomeOf('cli/greenroom.ts', ['doctor'], env);

test('a server without workers is a warning, and one with a worker is ok', async () => {
  const checks = ['environment', 'database', 'migrations', 'notifications', 'clock'];
  const ok = checks.map((check) => ({ check, status: 'ok' }));
  expect(await greenroomJson(server, 'doctor')).toMatchObject([
    ...ok,
    { check: 'workers', status: 'warning' },
  ]);
  await registerWorker(server);
  expect(await greenroomJson(server, 'doctor')).toMatchObject([...ok, { check: 'workers', status: 'ok' }]);
  const { output } = await greenroom(server, 'doctor');
  expect(output).toMatch(/^database +ok +The database can be reached/m);
});

test('a clock that differs and a misspelt setting are warnings', async () => {
  const { status, output } = await doctor({
    DATABASE_URL: server.databaseUrl,
    NODE_OPTIONS: `--import ${new URL('../harness/shifted-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: '60000',
    GREENROOM_LEASE_SECOND: '5',
  });
  expect(output).toMatch(
    /^environment +warning +GREENROOM_LEASE_SECOND .* Did you mean GREENROOM_LEASE_SECONDS\?$/m,
  );
  expect(output).toMatch(/^clock +warning +This machine's clock is \d+ ms ahead/m);
  expect(status).toBe(0);
});

test('the file of a secret may be a pipe, which is read once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenroom-doctor-'));
  const pipe = join(folder, 'url');
  await promisify(execFile)('mkfifo', [pipe]);
  const written = writeFile(pipe, server.databaseUrl);
  const { status, output } = await doctor({ DATABASE_URL: '', DATABASE_URL_FILE: pipe });
  expect(output).toMatch(/^database +ok +/m);
  expect(status).toBe(0);
  await written;
  await rm(folder, { recursive: true });
});

test('a database without tables has to be migrated', async () => {
  const empty = await createTestDatabase({ empty: true });
  const { status, output } = await doctor({ DATABASE_URL: empty.url });
  expect(status).toBe(1);
  expect(output).toMatch(
    /^migrations +failed +The database is too old .* it lacks .* Run .greenroom database migrate., or start the server/m,
  );
  expect(await query(empty.url, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  await empty.drop();
});

test('start and doctor report a database that is newer than this version', async () => {
  const newer = await createTestDatabase();
  await query(
    newer.url,
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
     VALUES ('later', 'x', now(), '29990101000000_later', now(), 1)`,
  );
  const env = { DATABASE_URL: newer.url, GREENROOM_LEASE_SECOND: '5' };
  const examined = await doctor(env);
  expect(examined.output).toMatch(
    /^migrations +warning +The database is newer than this version of Greenroom: it has 29990101000000_later\. .*/m,
  );
  expect(examined.status).toBe(0);
  const program = runProgram('main.ts', [], {
    ...env,
    GREENROOM_DEV_ORG: 'false',
    GREENROOM_TOKEN_KEY: TOKEN_KEY.toString('base64'),
    PORT: String(await freePort()),
  });
  await program.printed(/"level":40.*GREENROOM_LEASE_SECOND .* Did you mean GREENROOM_LEASE_SECONDS\?/);
  await program.printed(/"level":40.*The database is newer than this version/);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  await newer.drop();
});

test('a reachable LiveKit server is ok, and an unreachable one is a failure with the reason', async () => {
  const livekit = createServer((_request, response) => response.end('OK')).listen(0, '127.0.0.1');
  await once(livekit, 'listening');
  const host = `127.0.0.1:${(livekit.address() as AddressInfo).port}`;
  const check = (url: string) => greenroom(server, 'doctor', '--livekit', url);
  const reached = await check(`ws://${host}`);
  expect(reached.output).toMatch(/^rooms +ok +127\.0\.0\.1:\d+ can be reached/m);
  // The server has no TLS.
  const unreached = await check(`wss://${host}`);
  expect(unreached.status).toBe(1);
  expect(unreached.output).toMatch(
    /^rooms +failed +127\.0\.0\.1:\d+ cannot be reached from this machine: .+/m,
  );
  livekit.close();
  expect((await check('livekit.example.com')).status).toBe(2);
});

test('a read-only database cannot be used', async () => {
  const readOnly = await createTestDatabase();
  const url = new URL(readOnly.url);
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const { status, output } = await doctor({ DATABASE_URL: url.href });
  expect(status).toBe(1);
  expect(output).toMatch(/^database +failed +The database is read-only/m);
  await readOnly.drop();
});

test('an unreachable database and an invalid environment are reported', async () => {
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
