import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '../embedded/open.ts';
import { isAlive } from '../embedded/process.ts';
import { migrate } from '../migrate.ts';
import {
  clearTestServer,
  readTestServer,
  saveTestServer,
  type TestServerEnvironment,
} from './environment.ts';
import { databaseUrl, distributeTemplate, dropDatabase, findWorkers, onEveryNode } from './nodes.ts';
import { query } from './query.ts';

// Durability does not matter in tests.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DIR_PREFIX = 'greenroom-test-';

let stopServer: (() => Promise<void>) | undefined;

/**
 * For jest's `globalSetup`. Starts the server of this run, or uses the one at TEST_DATABASE_URL, and migrates the
 * template of the test databases. Where that server is the coordinator of a Citus cluster, the template is distributed.
 * Jest's workers find the server through the environment.
 */
export async function startTestServer(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL'] ?? (await startEmbedded());
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  const server = { url, workers: await findWorkers(url), prefix, template };
  saveTestServer(server);
  await onEveryNode(server, `CREATE DATABASE ${template} TEMPLATE template0`);
  if (server.workers.length === 0) await migrate(databaseUrl(url, template));
  else await distributeTemplate(server);
}

/** For jest's `globalTeardown`. Stops the server, or drops this run's databases on a given server. */
export async function stopTestServer(): Promise<void> {
  const server = readTestServer();
  if (stopServer) await stopServer();
  else await dropDatabases(server);
  clearTestServer();
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

async function dropDatabases(server: TestServerEnvironment): Promise<void> {
  const databases = await query<{ datname: string }>(
    server.url,
    `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`,
    [`${server.prefix}_`],
  );
  for (const { datname } of databases) await dropDatabase(server, datname);
}
