import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { grantCredits } from '../../src/accounts/credit-entry-repository.ts';
import { findOrg, insertOrg, updateOrg } from '../../src/accounts/org-repository.ts';
import { deleteAbandonedJobs } from '../../src/background/abandoned-job-repository.ts';
import {
  beginErasure,
  completeErasure,
  eraseBatch,
  ERASED_TABLES,
} from '../../src/retention/erasure-repository.ts';
import { eraseOrg } from '../../src/retention/erasure.ts';
import { ensureDevOrg } from '../../src/startup/dev-org.ts';
import { scheduleWake, WEBHOOK_TASK } from '../../src/webhooks/webhook-queue-repository.ts';
import { readyAvatar } from '../harness/avatars.ts';
import { tablesHolding } from '../harness/database-search.ts';
import { errorOf } from '../harness/error-response.ts';
import { outcomeOf } from '../harness/programs.ts';
import { endSession, postSession, read } from '../harness/responses.ts';
import { insertSessions } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker } from '../harness/worker.ts';

// One of the tests runs a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 600 } });
});
afterAll(() => server.close());

const ACTOR = { kind: 'operator', id: 'someone@somewhere' } as const;

/**
 * Creates an organisation with rows in every table of organisations. Returns a key and the strings that identify it.
 */
async function populate(orgId: string): Promise<{ key: string; strings: string[] }> {
  const name = `${orgId} limited`;
  await insertOrg(server.serverDatabase, { id: orgId, name, planId: 'launch' }, ACTOR);
  await grantCredits(
    server.serverDatabase,
    { orgId, mode: 'live' },
    { credits: 7, reason: `Invoice of ${orgId}`, reference: `ref of ${orgId}` },
    ACTOR,
  );
  const { id: keyId, secret: key } = await server.createKey({ orgId, mode: 'test' });
  const texts = { avatar: `avatar of ${orgId}`, room: `room of ${orgId}`, metadata: `metadata of ${orgId}` };
  const avatar = await readyAvatar(server, { name: texts.avatar }, { key });
  const idempotencyKey = `key of ${orgId}`;
  const json = { name: `agent of ${orgId}`, scopes: ['sessions:read'] };
  const created = await read<{ id: string; hint: string }>(
    server.request('/v1/api_keys', {
      method: 'POST',
      key,
      json,
      headers: { 'Idempotency-Key': idempotencyKey },
    }),
  );
  const session = await read<{ id: string }>(
    postSession(server, { room: texts.room, metadata: { note: texts.metadata } }, { key }),
  );
  const worker = await registerWorker(server);
  let assignment = await claimed(worker);
  while (assignment.session.id !== session.id) assignment = await claimed(worker);
  await worker.reported(assignment, {});
  await server.database.pool.query(
    `UPDATE assignments SET first_frame_at = now() - interval '5 seconds', assigned_at = now() - interval '5 seconds' WHERE id = $1`,
    [session.id],
  );
  await worker.reported(assignment, { state: 'ended', frames: 50, media_ms: 3000 });
  await server.database.pool.query(
    `WITH endpoint AS (
       INSERT INTO webhook_endpoints (org_id, mode, id, url, description, event_types, secret_encrypted, event_sequence,
                                      disabled_reason)
       VALUES ($1, 'test', 'whe_' || $1, 'https://hooks.example.com/' || $1, '', '{}', '', 0, 'requested')
     )
     INSERT INTO webhook_deliveries (org_id, mode, id, endpoint_id, event_id, event_type, status)
     VALUES ($1, 'test', 'whd_' || $1, 'whe_' || $1, 'evt_1', 'session.ended', 'canceled')`,
    [orgId],
  );
  const [lost = ''] = await insertSessions(server.database, [{ orgId, status: 'running' }]);
  return {
    key,
    strings: [
      ...[
        orgId,
        name,
        keyId,
        created.id,
        created.hint,
        avatar.id,
        session.id,
        lost,
        idempotencyKey,
        json.name,
      ],
      ...Object.values(texts),
    ],
  };
}

/** Returns the tables with a column of the organisation. */
async function tablesOfOrgs(): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.columns
       JOIN information_schema.tables USING (table_schema, table_name)
      WHERE column_name = 'org_id' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function rowsOf(orgId: string): Promise<unknown[]> {
  const tables = await tablesOfOrgs();
  return Promise.all(
    tables.map(async (table) => {
      const text = `SELECT count(*)::int AS count FROM ${table} WHERE org_id = $1`;
      const { rows } = await server.database.pool.query<{ count: number }>(text, [orgId]);
      return [table, rows[0]?.count];
    }),
  );
}

test('an erased organisation is in no table, and another one keeps its rows', async () => {
  const { strings, key } = await populate('erased-7f3a');
  await populate('neighbour');
  const endpoint = { orgId: 'erased-7f3a', mode: 'test', id: 'whe_erased-7f3a' } as const;
  await scheduleWake(server.serverDatabase, endpoint, 3_600);
  const neighbours = await rowsOf('neighbour');
  // A new table with organisations fails here: fill it above, and erase it.
  expect(await tablesHolding(server.database, 'erased-7f3a')).toEqual(
    expect.arrayContaining([
      'public.orgs',
      expect.stringMatching(/^graphile_worker\./),
      ...(await tablesOfOrgs()),
    ]),
  );
  expect(ERASED_TABLES.map((name) => `public.${name}`).sort()).toEqual(await tablesOfOrgs());

  expect(await eraseOrg(server.serverDatabase, 'erased-7f3a', ACTOR)).toBe('erased');
  for (const text of strings) expect([text, await tablesHolding(server.database, text)]).toEqual([text, []]);
  expect(await rowsOf('neighbour')).toEqual(neighbours);
  const { rows } = await server.database.pool.query(
    `SELECT org_id, actor_id, object_id, details FROM audit_entries WHERE action = 'organisation.erase'`,
  );
  expect(rows).toEqual([{ org_id: null, actor_id: ACTOR.id, object_id: null, details: {} }]);
  await until(async () => (await server.request('/v1/limits', { key })).status === 401);
  expect(await eraseOrg(server.serverDatabase, 'erased-7f3a', ACTOR)).toBe('unknown');
});

test('an interrupted erasure rejects the keys, allows no changes, and can be completed', async () => {
  const { strings, key } = await populate('interrupted-91c');
  const seen = await findOrg(server.database, 'interrupted-91c');
  if (seen === null) throw new Error('It does not exist');
  expect(await beginErasure(server.serverDatabase, 'interrupted-91c', ACTOR)).toBe('begun');
  await eraseBatch(server.serverDatabase, 'sessions', 'interrupted-91c');

  await until(async () => (await server.request('/v1/limits', { key })).status === 403);
  expect(await errorOf(await postSession(server, {}, { key }))).toMatchObject({
    code: 'organisation.suspended',
  });
  const changes = { suspendedAt: null };
  const change = { seen, changes, action: 'organisation.resume' } as const;
  expect(await updateOrg(server.serverDatabase, change, ACTOR)).toBeNull();
  const live = { orgId: 'interrupted-91c', mode: 'live' } as const;
  const grant = { credits: 1, reason: 'Late', reference: null };
  expect(await grantCredits(server.serverDatabase, live, grant, ACTOR)).toBeNull();

  const outcomes = await Promise.all(
    [1, 2].map(() => eraseOrg(server.serverDatabase, 'interrupted-91c', ACTOR)),
  );
  expect(outcomes.sort()).toEqual(['erased', 'unknown']);
  for (const text of strings) expect([text, await tablesHolding(server.database, text)]).toEqual([text, []]);
});

test('rows that a request in progress adds during the erasure are erased as well', async () => {
  await server.createOrg({ id: 'racing' });
  await beginErasure(server.serverDatabase, 'racing', ACTOR);
  const client = await server.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT FROM orgs WHERE id = 'racing' FOR NO KEY UPDATE`);
    const insert = `INSERT INTO avatars (org_id, id, mode, name, status, runtime_type)
                    VALUES ('racing', 'av_racing', 'test', 'Late', 'ready', 'livekit')`;
    await client.query(insert);
    const completed = completeErasure(server.serverDatabase, 'racing', ACTOR);
    await until(async () => {
      const { rowCount } = await server.database.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM orgs%FOR UPDATE%'`,
      );
      return rowCount === 1;
    });
    await client.query('COMMIT');
    expect(await completed).toBe(true);
  } finally {
    client.release(true);
  }
  expect(await tablesHolding(server.database, 'av_racing')).toEqual([]);
});

test('an organisation with a live session is not deleted, and nothing has changed', async () => {
  const { test: key } = await server.createOrg({ id: 'lively' });
  const { id } = await read<{ id: string }>(postSession(server, {}, { key }));
  expect(await eraseOrg(server.serverDatabase, 'lively', ACTOR)).toEqual({ liveSessions: 1 });
  expect((await server.request('/v1/limits', { key })).status).toBe(200);
  await endSession(server, id, key);
  expect(await eraseOrg(server.serverDatabase, 'lively', ACTOR)).toBe('erased');
});

test.each(['process_portrait', WEBHOOK_TASK, 'purge_expired'])(
  'a job of %s of a killed process, whose payload may name an organisation, is deleted',
  async (task) => {
    const { pool } = server.database;
    const holding = () => tablesHolding(server.database, `abandoned ${task}`);
    await pool.query(
      `SELECT count(*) FROM graphile_worker.permanently_fail_jobs(ARRAY(
         SELECT id FROM graphile_worker.add_job($1, json_build_object('orgId', 'abandoned ' || $1::text),
                                                run_at := now() + interval '1 year')))`,
      [task],
    );
    expect(await holding()).toEqual([expect.stringMatching(/^graphile_worker\./)]);
    await deleteAbandonedJobs(server.serverDatabase, { shortTasks: [] });
    expect(await holding()).toEqual([]);
  },
);

test('deleting the organisation for development erases its keys from the data directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-erasure-'));
  try {
    const keys = await ensureDevOrg(server.database, dataDir, 'http://127.0.0.1:1');
    const env = { DATABASE_URL: server.databaseUrl, GREENROOM_DATA_DIR: dataDir };
    const remove = (...args: string[]) => outcomeOf('cli/greenroom.ts', ['orgs', 'delete', ...args], env);
    expect(await remove('dev')).toMatchObject({
      status: 2,
      output: 'All data of `dev` will be deleted. Add --yes to do it.\n',
    });
    expect(await remove('dev', '--yes', '--json')).toEqual({
      status: 0,
      output: '{"id":"dev","status":"deleted"}\n',
    });
    expect(await remove('dev', '--yes')).toMatchObject({
      status: 1,
      output: expect.stringContaining('`dev` does not exist'),
    });
    for (const file of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const content = await readFile(join(file.parentPath, file.name), 'utf8');
      for (const secret of [keys.test_key, keys.live_key]) expect(content).not.toContain(secret);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
