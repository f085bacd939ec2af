import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, type TestDatabase } from '@greenroom/database/testing';
import { freePort, reasonWithout, sessionCreate, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { startPgBouncer, type PgBouncer } from '../harness/pgbouncer.ts';
import { outcomeOf, runProgram } from '../harness/programs.ts';

jest.setTimeout(120_000);

const skipReason = reasonWithout('PGBOUNCER');

(skipReason === '' ? describe : describe.skip)(skippable('behind PgBouncer', skipReason), () => {
  let database: TestDatabase;
  let dataDir: string;
  let pooler: PgBouncer | null = null;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'greenroom-pgbouncer-data-'));
  });
  afterAll(async () => {
    await pooler?.stop();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const through = async (poolMode: 'session' | 'transaction') => {
    await pooler?.stop();
    pooler = await startPgBouncer(database.url, poolMode);
    return {
      DATABASE_URL: pooler.url,
      GREENROOM_DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
    };
  };

  test('pool_mode=transaction fails the start with one line that names the setting', async () => {
    const { status, output } = await outcomeOf('main.ts', [], await through('transaction'));
    expect(status).toBe(1);
    expect(output).toContain('Set pool_mode=session');
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  test('pool_mode=session works: a session is created, assigned to a waiting worker and read', async () => {
    const program = runProgram('main.ts', [], await through('session'));
    try {
      await program.printed(/^ +curl .*\n/m);
      const { api_url: url, test_key: key } = JSON.parse(
        await readFile(join(dataDir, 'dev.json'), 'utf8'),
      ) as { api_url: string; test_key: string };
      const workerKey = (await readFile(join(dataDir, 'worker.key'), 'utf8')).trim();
      const post = async <Body>(path: string, authorization: string, json: unknown): Promise<Body> => {
        const response = await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${authorization}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(json),
        });
        expect(response.ok).toBe(true);
        return (await response.json()) as Body;
      };
      const worker = await post<{ id: string }>('/internal/v1/workers', workerKey, {
        name: 'test',
        runtime_type: 'simulator',
        qualities: ['standard'],
        slots: 1,
        version: '1.0.0',
      });
      const claim = post<{ session: { id: string } }>(`/internal/v1/workers/${worker.id}/claim`, workerKey, {
        wait_seconds: 30,
      });
      const { id } = await post<{ id: string }>('/v1/sessions', key, await sessionCreate());
      expect((await claim).session.id).toBe(id);
    } finally {
      program.process.kill();
      await program.exited;
    }
  });
});
