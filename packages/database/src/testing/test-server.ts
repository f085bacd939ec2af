import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '../embedded/open.ts';
import { isAlive } from '../embedded/process.ts';
import { migrate } from '../migrate.ts';
import { clearTestServer, readTestServer, saveTestServer } from './environment.ts';
import { query } from './query.ts';

// Durability does not matter in tests.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DIR_PREFIX = 'greenroom-test-';

let stopServer: (() => Promise<void>) | undefined;

/**
 * For jest's `globalSetup`. Starts the server of this run, or uses the one at TEST_DATABASE_URL, and migrates the
 * template of the test databases. Jest's workers find the server by the environment.
 */
export async function startTestServer(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL'] ?? (await startEmbedded());
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  saveTestServer({ url, prefix, template });
  await query(url, `CREATE DATABASE ${template} TEMPLATE template0`);
  await migrate(databaseUrl(url, template));
}

/** For jest's `globalTeardown`. Stops the server, or drops this run's databases on a given server. */
export async function stopTestServer(): Promise<void> {
  const { url, prefix } = readTestServer();
  if (stopServer) await stopServer();
  else await dropDatabases(url, prefix);
  clearTestServer();
}

/** Returns the connection string of another database on the same server. */
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

// A run that was killed leaves its server running.
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${DIR_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const dataDir = join(tmpdir(), name);
    try {
      await (await openEmbeddedPostgres({ dataDir, settings: FAST })).stop();
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Belongs to another user, or another run is removing it.
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
