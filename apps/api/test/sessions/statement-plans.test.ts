import type { Database } from '@greenroom/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { CLAIM } from '../../src/assignments/claim-repository.ts';
import { renewAssignment } from '../../src/assignments/report-repository.ts';
import { TOUCH_API_KEYS } from '../../src/authentication/key-repository.ts';
import { findDeadlines } from '../../src/sessions/assignment-repository.ts';
import { READ_CREATE_STATE } from '../../src/sessions/create-repository.ts';
import { findFinalFence } from '../../src/sessions/session-repository.ts';
import { connect } from '../harness/connections.ts';
import { explaining, type Step } from '../harness/query-plan.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const ROWS = 20_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const client = await connect(server);
  // All sessions are live and of one organisation, so that only the right index finds one quickly.
  await client.query(
    `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                           transport_url, room_name, worker_identity, seat_hash)
     SELECT 'dev', 'test', 'sess_01KKGP79VG' || lpad(n::text, 16, '0'), 'running', 'av_stock_001', 'standard', 60, 30,
            'wss://rooms.example.com', 'lobby', 'greenroom-worker', sha256(n::text::bytea)
       FROM generate_series(1, $1::int) AS n`,
    [ROWS],
  );
  await client.query(
    `INSERT INTO api_keys (org_id, mode, id, name, scopes, hint, secret_hash)
     SELECT 'dev', 'test', 'key_01KKGP79VG' || lpad(n::text, 16, '0'), 'many', '{}', '…', sha256(n::text::bytea)
       FROM generate_series(1, $1::int) AS n`,
    [ROWS],
  );
  // One session is queued, and the worker holds one.
  await client.query(
    `INSERT INTO assignments (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
                              worker_token_encrypted, worker_id, fence, lease_until, deadline_at, first_frame_at)
     SELECT id, org_id, mode, CASE WHEN n = 4711 THEN 'queued' ELSE status END, avatar_id, quality, 'simulator', 60, '',
            CASE WHEN n <> 4711 THEN 'wkr_' || n END, 1, CASE WHEN n <> 4711 THEN now() + interval '1 hour' END,
            now() + n * interval '1 s', now()
       FROM (SELECT *, substr(id, 16)::int AS n FROM sessions) AS session`,
  );
  await client.query('ANALYZE sessions, assignments, api_keys');
  await client.end();
});

afterAll(() => server.close());

async function readsOf(
  table: string,
  mode: 'custom' | 'generic',
  text: string,
  values: unknown[],
): Promise<Pick<Step, 'index' | 'rowsRead'>[]> {
  const { database, planOf } = explaining(server.database, mode);
  await database.pool.query({ text, values });
  const isRead = (step: Step) => step.table === table && step.type !== 'ModifyTable';
  return planOf()
    .filter(isRead)
    .map(({ index, rowsRead }) => ({ index, rowsRead }));
}

test.each(['custom', 'generic'] as const)(
  'the live session that holds a participant slot is found by its index, with a %s plan',
  async (mode) => {
    const { rows } = await server.database.pool.query<{ hash: Buffer }>(`SELECT sha256('4711') AS hash`);
    const hash = rows[0]?.hash ?? Buffer.of();
    const reads = await readsOf('sessions', mode, READ_CREATE_STATE, ['dev', 'test', hash, 'av_stock_001']);
    expect(reads).toEqual([{ index: 'sessions_live_seat_key', rowsRead: 1 }]);
  },
);

/** Returns the reads of a table by the statements of a function. */
async function readsBy(
  table: string,
  mode: 'custom' | 'generic',
  read: (database: Database) => Promise<unknown>,
): Promise<Pick<Step, 'index' | 'rowsRead'>[]> {
  const { database, planOf } = explaining(server.database, mode);
  await read(database);
  return planOf()
    .filter(({ table: readTable, type }) => readTable === table && type !== 'ModifyTable')
    .map(({ index, rowsRead }) => ({ index, rowsRead }));
}

test.each(['custom', 'generic'] as const)(
  'a report finds its row by the id, with a %s plan',
  async (mode) => {
    const id = 'sess_01KKGP79VG0000000000000017';
    const guard = { statuses: ['running'] as const, workerKeyId: 'wkk_1', leaseSeconds: 15 };
    const reads = await readsBy('assignments', mode, (database) =>
      renewAssignment(database, id, { fence: 1, frames: 1, mediaMs: 40 }, guard),
    );
    expect(reads).toEqual([{ index: 'assignments_pkey', rowsRead: 1 }]);
  },
);

test.each(['custom', 'generic'] as const)(
  'a report that is sent again finds its session by the id, with a %s plan',
  async (mode) => {
    const reads = await readsBy('sessions', mode, (database) =>
      findFinalFence(database, 'sess_01KKGP79VG0000000000000017'),
    );
    expect(reads).toEqual([{ index: 'sessions_id_idx', rowsRead: 1 }]);
  },
);

test.each(['custom', 'generic'] as const)(
  'a claim reads the queue by its index, with a %s plan',
  async (mode) => {
    // The worker is full, so that the statement assigns nothing.
    const values = ['wkr_17', ['media:simulator', 'simulator'], ['standard'], 15, 1];
    const reads = await readsBy('assignments', mode, (database) => database.query({ text: CLAIM, values }));
    const rowsOf = (name: string) =>
      reads.filter(({ index }) => index === name).reduce((sum, { rowsRead }) => sum + rowsRead, 0);
    expect(new Set(reads.map(({ index }) => index))).toEqual(
      new Set(['assignments_queue_idx', 'assignments_worker_id_idx', 'assignments_pkey']),
    );
    expect(rowsOf('assignments_queue_idx')).toBeLessThanOrEqual(3);
    expect(rowsOf('assignments_worker_id_idx')).toBe(1);
  },
);

test.each(['custom', 'generic'] as const)(
  'a sweep reads only the next deadlines, with a %s plan',
  async (mode) => {
    const reads = await readsBy('assignments', mode, (database) =>
      findDeadlines(database, { withinMs: 10_000, after: undefined, take: 5 }),
    );
    expect(reads).toEqual([{ index: 'assignments_deadline_at_idx', rowsRead: expect.any(Number) }]);
    expect(reads[0]?.rowsRead).toBeLessThanOrEqual(20);
  },
);

test.each(['custom', 'generic'] as const)(
  'the last use of keys is written by their index, with a %s plan',
  async (mode) => {
    const ids = [17, 4711].map((number) => `key_01KKGP79VG${String(number).padStart(16, '0')}`);
    const reads = await readsOf('api_keys', mode, TOUCH_API_KEYS, [
      ids.map(() => 'dev'),
      ids.map(() => 'test'),
      ids,
      ids.map(() => new Date()),
    ]);
    expect(reads).toEqual([{ index: expect.stringMatching(/^api_keys_/), rowsRead: ids.length }]);
  },
);
