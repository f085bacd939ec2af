import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { TOUCH_API_KEYS } from '../../src/authentication/key-repository.ts';
import { READ_CREATE_STATE } from '../../src/sessions/create-repository.ts';
import { connect } from '../harness/connections.ts';
import { explaining, type Step } from '../harness/query-plan.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

const ROWS = 20_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const client = await connect(server);
  // All live and of one organisation, so that only the right index finds one of them quickly.
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
  await client.query('ANALYZE sessions, api_keys');
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
