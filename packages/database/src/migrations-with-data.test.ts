import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { migrate } from './migrate.ts';
import { readMigrations } from './migrations.ts';
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
    { month: '2026-03-01', quality: 'standard', seconds: 40, credits: 1.5, sessions: 2, continued: 1 },
    { month: '2026-03-01', quality: 'pro', seconds: 5, credits: 2, sessions: 1, continued: 0 },
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
