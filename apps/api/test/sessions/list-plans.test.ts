import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { listSessions, type SessionListFilter } from '../../src/sessions/session-repository.ts';
import { connect } from '../harness/connections.ts';
import { explaining, type Step } from '../harness/query-plan.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const SESSIONS = 50_000;
const TAKE = 21;
const TENANT = { orgId: 'dev', mode: 'test' } as const;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  // Nearly all sessions have ended, as in a database that has been in use.
  const client = await connect(server);
  await client.query(
    `INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                           transport_url, room_name, worker_identity, seat_hash)
     SELECT 'dev', 'test', 'sess_01KKGP79VG' || lpad(n::text, 16, '0'),
            CASE WHEN n % 1000 = 0 THEN 'running' WHEN n % 1001 = 0 THEN 'failed' ELSE 'ended' END,
            'av_stock_00' || (1 + (n % 50 = 0)::int), 'standard', 60, 30, 'wss://rooms.example.com', 'lobby',
            'greenroom-worker', sha256(n::text::bytea)
       FROM generate_series(1, $1::int) AS n`,
    [SESSIONS],
  );
  await client.query('ANALYZE sessions');
  await client.end();
});

afterAll(() => server.close());

async function planOf(mode: 'custom' | 'generic', filter: Partial<SessionListFilter>): Promise<Step[]> {
  const { database, planOf: plan } = explaining(server.database, mode);
  await listSessions(database, TENANT, {
    statuses: null,
    avatarId: null,
    from: 'sess_',
    before: 'sess_~',
    take: TAKE,
    ...filter,
  });
  return plan();
}

const filters: { name: string; index: string; scans: number; filter: Partial<SessionListFilter> }[] = [
  { name: 'no filter', index: 'sessions_pkey', scans: 1, filter: {} },
  {
    name: 'an avatar',
    index: 'sessions_org_id_mode_avatar_id_id_idx',
    scans: 1,
    filter: { avatarId: 'av_stock_002' },
  },
  {
    name: 'several statuses, rare ones too',
    index: 'sessions_org_id_mode_status_id_idx',
    scans: 3,
    filter: { statuses: ['running', 'failed', 'ended'] },
  },
  {
    name: 'an avatar and several statuses',
    index: 'sessions_org_id_mode_avatar_id_status_id_idx',
    scans: 3,
    filter: { avatarId: 'av_stock_002', statuses: ['running', 'failed', 'ended'] },
  },
];

describe.each(['custom', 'generic'] as const)(`of ${SESSIONS} sessions, with a %s plan,`, (mode) => {
  test.each(filters)(
    'a page with $name reads its index in order, and no more rows than it needs',
    async (each) => {
      const steps = await planOf(mode, each.filter);
      const reads = steps.filter(({ table }) => table === 'sessions');
      expect(reads.map(({ type, index }) => ({ type, index }))).toEqual([
        { type: expect.stringMatching(/^Index (Only )?Scan$/), index: each.index },
      ]);
      // A scan stops at its limit, before a sort.
      expect(reads[0]?.above.find((type) => type === 'Limit' || type === 'Sort')).toBe('Limit');
      expect(reads[0]?.rowsRead).toBeLessThanOrEqual(each.scans * TAKE);
      if (each.scans === 1) expect(steps.map(({ type }) => type)).not.toContain('Sort');
    },
  );

  test('a page far down costs as much as the first one', async () => {
    const steps = await planOf(mode, { before: 'sess_01KKGP79VG0000000000000500', statuses: ['ended'] });
    const read = steps.find(({ table }) => table === 'sessions');
    expect(read?.type).toMatch(/^Index/);
    expect(read?.rowsRead).toBeLessThanOrEqual(TAKE);
  });
});
