import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '../embedded/open.ts';
import { isAlive } from '../embedded/process.ts';
import { migrate } from '../migrate.ts';
import { forgetTestServer, readTestServer, rememberTestServer } from './environment.ts';
import { query } from './query.ts';

// What a crash loses is of no interest here.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DIR_PREFIX = 'greenroom-test-';

let stopServer: (() => Promise<void>) | undefined;

/**
 * For jest's `globalSetup`: starts the one server of this run, or uses TEST_DATABASE_URL, and migrates the template
 * that every test database is copied from. Jest's workers find it through the environment.
 */
export async function startTestServer(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL'] ?? (await startEmbedded());
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  rememberTestServer({ url, prefix, template });
  await query(url, `CREATE DATABASE ${template} TEMPLATE template0`);
  await migrate(databaseUrl(url, template));
}

/** For jest's `globalTeardown`: removes every database of this run, and the server unless it was given. */
export async function stopTestServer(): Promise<void> {
  const { url, prefix } = readTestServer();
  if (stopServer) await stopServer();
  else await dropDatabases(url, prefix);
  forgetTestServer();
}

/** The address of another database on the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function startEmbedded(): Promise<string> {
  await removeAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), `${DIR_PREFIX}${process.pid}-`));
  const server = await openEmbeddedPostgres({ dataDir, settings: FAST });
  stopServer = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return server.url;
}

// A run that was killed could not tidy up after itself: its server still runs.
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${DIR_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const dataDir = join(tmpdir(), name);
    try {
      await (await openEmbeddedPostgres({ dataDir, settings: FAST })).stop();
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Another user's, or half removed by another run.
      continue;
    }
  }
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const names = await query<{ datname: string }>(
    url,
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of names) await query(url, `DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
}
