import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { migrate } from './migrate.ts';
import { readMigrations } from './migrations.ts';
import { missingFromDatabase, missingFromSchema } from './schema-drift.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

/** Applies the migrations before `name`, so that a test can insert rows of that version. */
async function migrateBefore(name: string): Promise<void> {
  const migrations = readMigrations();
  const index = migrations.findIndex((migration) => migration.name === name);
  expect(index).toBeGreaterThan(0);
  await migrate(database.url, { migrations: migrations.slice(0, index) });
  await query(
    database.url,
    `INSERT INTO plans (id, name, concurrent_sessions, max_session_seconds, position) VALUES ('free', 'Free', 1, 120, 0)`,
  );
  await query(database.url, `INSERT INTO orgs (id, name, plan_id) VALUES ('acme', 'Acme', 'free')`);
}

test('usage recorded before totals existed is added to them by month and quality', async () => {
  await migrateBefore('20261126000100_usage_totals');
  // ULIDs of 2026-02-28T23:59:59.999Z, 2026-03-01T00:00:00.000Z and 2026-03-12.
  const [february, march, later] = ['01KJKB3PZZ', '01KJKB3Q00', '01KKGP79VG'];
  const events = [
    [february, 'sess_1', 'standard', 60, 1],
    [march, 'sess_1', 'standard', 30, 0.5],
    [later, 'sess_2', 'standard', 10, 1],
    [later, 'sess_3', 'pro', 5, 2],
  ] as const;
  for (const [index, [time, sessionId, quality, seconds, credits]] of events.entries()) {
    await query(
      database.url,
      `INSERT INTO usage_events (org_id, mode, id, session_id, quality, interval_start, interval_end, billable_seconds,
                                 multiplier, credits)
       VALUES ('acme', 'live', $1, $2, $3, now(), now(), $4, 1, $5)`,
      [`use_${time}${String(index).padStart(16, '0')}`, sessionId, quality, seconds, credits],
    );
  }
  await migrate(database.url);
  expect(
    await query(
      database.url,
      `SELECT month::text, quality, billable_seconds::int AS seconds, credits::float8 AS credits, sessions,
              continued_sessions AS continued
         FROM usage_totals WHERE org_id = 'acme' AND mode = 'live' ORDER BY month, quality`,
    ),
  ).toEqual([
    { month: '2026-02-01', quality: 'standard', seconds: 60, credits: 1, sessions: 1, continued: 0 },
    { month: '2026-03-01', quality: 'pro', seconds: 5, credits: 2, sessions: 1, continued: 0 },
    { month: '2026-03-01', quality: 'standard', seconds: 40, credits: 1.5, sessions: 2, continued: 1 },
  ]);
});

test('avatars shared by both modes get the mode of their sessions', async () => {
  await migrateBefore('20261126000000_bounds');
  const avatars = { av_live: ['live', 'test'], av_test: ['test'], av_unused: [] };
  for (const [id, modes] of Object.entries(avatars)) {
    await query(
      database.url,
      `INSERT INTO avatars (org_id, id, name, status, runtime_type) VALUES ('acme', $1, 'Host', 'ready', 'bringup')`,
      [id],
    );
    for (const mode of modes) {
      await query(
        database.url,
        `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                               transport_url, room_name, worker_identity, runtime_type, seat_hash)
         VALUES ('acme', $1::mode, $2, 'ended', $3, 'standard', 60, 30, 'wss://rooms.example.com', 'lobby', 'w', 'bringup', '')`,
        [mode, `sess_${id}_${mode}`, id],
      );
    }
  }
  await migrate(database.url);
  const rows = await query<{ id: string; mode: string }>(
    database.url,
    'SELECT id, mode FROM avatars ORDER BY id',
  );
  expect(rows).toEqual([
    { id: 'av_live', mode: 'live' },
    { id: 'av_test', mode: 'test' },
    { id: 'av_unused', mode: 'live' },
  ]);
});

test('workers, avatars and live sessions of the former `bringup` runtime become those of `livekit`', async () => {
  await migrateBefore('20261126030000_livekit_runtime');
  await query(
    database.url,
    `INSERT INTO worker_keys (id, name, hint, secret_hash) VALUES ('wkk_1', 'w', 'x', '')`,
  );
  for (const [id, runtimeType] of Object.entries({ bringup: 'bringup', simulator: 'simulator' })) {
    await query(
      database.url,
      `INSERT INTO workers (id, name, runtime_type, qualities, slots, version, worker_key_id, last_seen_at)
       VALUES ($1, 'w', $2, '{standard}', 1, '1', 'wkk_1', now())`,
      [`wkr_${id}`, runtimeType],
    );
    await query(
      database.url,
      `INSERT INTO avatars (org_id, id, name, status, runtime_type) VALUES ('acme', $1, 'Host', 'ready', $2)`,
      [`av_${id}`, runtimeType],
    );
    for (const status of ['queued', 'ended']) {
      await query(
        database.url,
        `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                               transport_url, room_name, worker_identity, runtime_type, seat_hash)
         VALUES ('acme', 'live', $1, $2::session_status, 'av_1', 'standard', 60, 30, 'wss://rooms.example.com', 'lobby', 'w',
                 $3, sha256($4))`,
        [`sess_${id}_${status}`, status, runtimeType, Buffer.from(id + status)],
      );
    }
  }
  await migrate(database.url);
  const typesIn = async (table: string) => {
    const rows = await query<{ id: string; type: string }>(
      database.url,
      `SELECT id, runtime_type AS type FROM ${table}`,
    );
    return Object.fromEntries(rows.map(({ id, type }) => [id, type]));
  };
  expect(await typesIn('workers')).toEqual({ wkr_bringup: 'livekit', wkr_simulator: 'simulator' });
  expect(await typesIn('avatars')).toEqual({ av_bringup: 'livekit', av_simulator: 'simulator' });
  expect(await typesIn('sessions')).toEqual({
    sess_bringup_queued: 'livekit',
    sess_bringup_ended: 'bringup',
    sess_simulator_queued: 'simulator',
    sess_simulator_ended: 'simulator',
  });
});

test('stock avatars keep the changes of an operator', async () => {
  await migrateBefore('20261126090000_stock_avatars');
  await query(
    database.url,
    `INSERT INTO avatars (org_id, id, name, status, runtime_type, is_demo, created_at)
     VALUES ('platform', 'av_stock_001', 'Adele', 'ready', 'livekit', true, '2026-01-02T03:04:05.678Z'),
            ('acme', 'av_own', 'Host', 'ready', 'livekit', false, now())`,
  );
  await migrate(database.url);
  expect(
    await query(database.url, 'SELECT id, name, runtime_type, created_at FROM stock_avatars ORDER BY id'),
  ).toEqual([
    {
      id: 'av_stock_001',
      name: 'Adele',
      runtime_type: 'livekit',
      created_at: new Date('2026-01-02T03:04:05.678Z'),
    },
  ]);
});

test('a balance is its opening entry minus the usage until then', async () => {
  await migrateBefore('20261126100100_credit_entries');
  await query(
    database.url,
    `INSERT INTO accounts (org_id, mode, credits_balance) VALUES ('acme', 'live', 93.5), ('acme', 'test', 0)`,
  );
  await query(
    database.url,
    `INSERT INTO usage_events (org_id, mode, id, session_id, quality, interval_start, interval_end, billable_seconds,
                               multiplier, credits)
     SELECT 'acme', 'live', id, 'sess_1', 'standard', now(), now(), 60, 1, credits
       FROM (VALUES ('use_1', 4), ('use_2', 2.5)) AS event(id, credits)`,
  );
  await migrate(database.url);
  expect(await query(database.url, 'SELECT mode, kind, credits::text, reason FROM credit_entries')).toEqual([
    { mode: 'live', kind: 'adjustment', credits: '100.0', reason: 'Opening balance' },
  ]);
});

describe('assignments of live sessions', () => {
  const LIVE_COLUMNS = `status, worker_id, fence, lease_until IS NOT NULL AS leased, frames, media_ms, billed_seconds,
    credits_reserved::float8 AS reserved, worker_token_encrypted::text AS token`;

  beforeEach(async () => {
    await migrateBefore('20261126040000_text_for_enums');
    for (const [id, status, workerId] of [
      ['sess_queued', 'queued', null],
      ['sess_running', 'running', 'wkr_1'],
      ['sess_ended', 'ended', null],
    ] as const) {
      await insertFormerSession(id, status, workerId);
    }
    await migrate(database.url);
  });

  /** Inserts a session as the previous version does. */
  async function insertFormerSession(id: string, status: string, workerId: string | null): Promise<void> {
    const token = status === 'ended' ? null : Buffer.from(id);
    await query(
      database.url,
      `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                             transport_url, room_name, worker_identity, audio_source, runtime_type, seat_hash,
                             worker_token_encrypted, worker_id, lease_until, fence, media_ms, billable_seconds,
                             billed_seconds, credits_reserved, deadline_at, ended_at, transitions)
       SELECT 'acme', $1::mode, $2, $3::text::session_status, 'av_1', $4::quality, 60, 30, 'wss://rooms.example.com', 'lobby', 'w',
              'track'::audio_source, 'livekit', sha256($5), $6, $7, now() + $8::interval, 3, 2500, 2, 1, 4.5,
              now() + interval '1 minute', CASE WHEN $3::text = 'ended' THEN now() END, 1`,
      [
        'live',
        id,
        status,
        'standard',
        Buffer.from(id),
        token,
        workerId,
        workerId === null ? null : '1 minute',
      ],
    );
  }

  async function assignments(): Promise<Record<string, unknown>> {
    const rows = await query<{ id: string }>(
      database.url,
      `SELECT id, ${LIVE_COLUMNS} FROM assignments ORDER BY id`,
    );
    return Object.fromEntries(rows.map(({ id, ...row }) => [id, row]));
  }

  const assignment = (id: string, changed: Record<string, unknown> = {}) => ({
    ...{
      status: 'queued',
      worker_id: null,
      fence: 3,
      leased: false,
      frames: 0,
      media_ms: 2500,
      billed_seconds: 1,
    },
    ...{ reserved: 4.5, token: `\\x${Buffer.from(id).toString('hex')}` },
    ...changed,
  });

  const held = { status: 'running', worker_id: 'wkr_1', leased: true };

  test('are made of live sessions only', async () => {
    expect(await assignments()).toEqual({
      sess_queued: assignment('sess_queued'),
      sess_running: assignment('sess_running', held),
    });
    expect(await query(database.url, 'SELECT id, final_fence FROM sessions ORDER BY id')).toEqual([
      { id: 'sess_ended', final_fence: 3 },
      { id: 'sess_queued', final_fence: null },
      { id: 'sess_running', final_fence: null },
    ]);
  });

  test('follow the writes of the previous version to sessions', async () => {
    await insertFormerSession('sess_new', 'queued', null);
    await query(
      database.url,
      `UPDATE sessions SET worker_id = 'wkr_2', fence = fence + 1, lease_until = now() WHERE id = 'sess_queued'`,
    );
    await query(
      database.url,
      `UPDATE sessions SET frames = 50, media_ms = 3000, billable_seconds = 3, lease_until = now()
        WHERE id = 'sess_running' AND status = ANY ($1::session_status[])`,
      [['running']],
    );
    expect(await assignments()).toEqual({
      sess_new: assignment('sess_new'),
      sess_queued: assignment('sess_queued', { worker_id: 'wkr_2', fence: 4, leased: true }),
      sess_running: assignment('sess_running', { ...held, frames: 50, media_ms: 3000 }),
    });
    await query(
      database.url,
      `UPDATE sessions SET fence = fence + 0, status = 'ended'::session_status, worker_id = NULL, lease_until = NULL
        WHERE id = 'sess_running' AND status = 'running'::session_status`,
    );
    expect(Object.keys(await assignments())).toEqual(['sess_new', 'sess_queued']);
    expect(await query(database.url, `SELECT final_fence FROM sessions WHERE id = 'sess_running'`)).toEqual([
      { final_fence: 3 },
    ]);
  });

  test('provide the values that the previous version reads from sessions', async () => {
    await query(
      database.url,
      `UPDATE assignments SET worker_id = 'wkr_2', fence = fence + 1, lease_until = now(), media_ms = 2600, frames = 9
        WHERE id = 'sess_queued'`,
    );
    const inSessions = (id: string) =>
      query(database.url, `SELECT ${LIVE_COLUMNS} FROM sessions WHERE id = $1`, [id]);
    const changed = { worker_id: 'wkr_2', fence: 4, leased: true, media_ms: 2600, frames: 9 };
    expect(await inSessions('sess_queued')).toEqual([assignment('sess_queued', changed)]);
    await query(database.url, `DELETE FROM assignments WHERE id = 'sess_queued'`);
    expect(await inSessions('sess_queued')).toMatchObject([
      { worker_id: null, leased: false, reserved: 0, token: null },
    ]);
  });

  test('are the only copy once the upgrade is finished', async () => {
    await query(database.url, 'CALL finish_upgrade()');
    expect(await missingFromDatabase(database.url)).toBe('');
    expect(await missingFromSchema(database.url)).toBe('');
    await query(database.url, `UPDATE assignments SET frames = 9 WHERE id = 'sess_queued'`);
  });
});

test('existing organisations get their first included credits in the month after the upgrade', async () => {
  await migrateBefore('20261127010100_org_lifecycle');
  await migrate(database.url);
  const text = `SELECT credits_month = date_trunc('month', now() AT TIME ZONE 'UTC')::date AS "isThisMonth" FROM orgs`;
  expect(await query(database.url, text)).toEqual([{ isThisMonth: true }]);
});
