import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { migrate } from '@greenroom/database';
import { query } from '@greenroom/database/testing';
import { reasonWithout, sessionCreate, skippable } from '@greenroom/testing';
import { describe, expect, test } from '@jest/globals';

import { startInstalledPostgres } from '../harness/installed-postgres.ts';
import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker } from '../harness/worker.ts';

const GUIDE = new URL('../../../docs/guides/upgrade.md', import.meta.url);
const run = promisify(execFile);

/** Returns the guide's commands that use a program. */
async function commandsOf(program: string): Promise<string> {
  const blocks = (await readFile(GUIDE, 'utf8')).matchAll(/^```sh\n([^]*?)^```$/gm);
  const found = [...blocks].map(([, text = '']) => text).filter((text) => text.startsWith(program));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

/** Returns the number of rows of every table. */
async function rowCounts(url: string): Promise<Record<string, unknown>> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => [name, await query(url, `SELECT count(*) FROM ${name}`)] as const),
  );
  return Object.fromEntries(counts);
}

/** Creates a session. Resolves with its id and the token in it. */
async function createSession(server: TestServer): Promise<{ id: string; token: string }> {
  const json = await sessionCreate();
  const { id } = await read<Schemas['Session']>(server.request('/v1/sessions', { method: 'POST', json }));
  return { id, token: json.transport.worker_token };
}

const skipReason = reasonWithout('PG_DUMP');
(skipReason === '' ? describe : describe.skip)(skippable('with pg_dump', skipReason), () => {
  test('a backup made by the commands of the guide is restored, and its sessions start with the same token key', async () => {
    const postgres = await startInstalledPostgres();
    const folder = await mkdtemp(join(tmpdir(), 'greenroom-backup-'));
    const servers = new Set<TestServer>();
    const serve = async (databaseUrl: string) => {
      const server = await startTestServer({ databaseUrl });
      servers.add(server);
      return server;
    };
    const shell = async (program: string, url: string) => {
      const env = { PATH: [postgres.bin, '/usr/bin', '/bin'].join(delimiter), DATABASE_URL: url };
      await run('/bin/sh', ['-e', '-c', await commandsOf(program)], { cwd: folder, env });
    };
    try {
      const original = await postgres.createDatabase('original');
      await migrate(original);
      const server = await serve(original);
      const sessions = [await createSession(server), await createSession(server)];
      // The server keeps running during the backup.
      await shell('pg_dump', original);
      servers.delete(server);
      await server.close();
      const restored = await postgres.createDatabase('restored');
      await shell('pg_restore', restored);
      expect(await rowCounts(restored)).toEqual(await rowCounts(original));

      const next = await serve(restored);
      const otherKey = await next.another({ sessions: { tokenKey: Buffer.alloc(32, 9) } });
      await expect((await registerWorker(otherKey)).claim()).rejects.toThrow();
      const { session, worker_token: token } = await claimed(await registerWorker(next));
      expect(sessions).toContainEqual({ id: session.id, token });
    } finally {
      await Promise.all([...servers].map((server) => server.close()));
      await postgres.stop();
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
