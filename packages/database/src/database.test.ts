import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { isDatabaseUnavailable, isLockConflict, violatesUniqueIndex } from './availability.ts';
import { openDatabase, type Database } from './database.ts';
import { Prisma } from './generated/prisma/client.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

const APPLICATION = 'greenroom-database-test';

let testDatabase: TestDatabase;
let database: Database;
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolSize: 2, applicationName: APPLICATION });
});
afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

// Nothing listens on this port. Defined outside the test, because Prisma's errors quote the lines around a call.
const unreachableUrl = 'postgresql://someone:very-secret@127.0.0.1:1/greenroom';
const free = { id: 'free', name: 'Free', concurrentSessions: 1, maxSessionSeconds: 120, position: 0 };

test('Prisma and SQL share one pool with the given application name', async () => {
  await Promise.all([
    database.prisma.plan.count(),
    database.prisma.plan.count(),
    database.pool.query('SELECT 1'),
  ]);
  const connections = await query(
    testDatabase.url,
    'SELECT FROM pg_stat_activity WHERE application_name = $1',
    [APPLICATION],
  );
  expect(connections).toHaveLength(2);
});

test('times are stored correctly by a server whose time zone is not UTC', async () => {
  await query(
    testDatabase.url,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END $$`,
    [],
  );
  const abroad = openDatabase(testDatabase.url, { poolSize: 1, applicationName: APPLICATION });
  const time = new Date('2026-03-12T10:00:00.123Z');
  const [row] = await abroad.prisma.$queryRaw<{ time: Date; milliseconds: number }[]>`
    SELECT ${time}::timestamptz AS time, (extract(epoch FROM ${time}::timestamptz) * 1000)::float8 AS milliseconds`;
  await abroad.close();
  expect(row).toEqual({ time, milliseconds: time.getTime() });
});

test('times are sent in UTC, so that a cast to a date does not depend on the time zone of the process', async () => {
  const time = new Date('2026-03-12T10:00:00.123Z');
  const sent = Prisma.sql`SELECT ${time}::text AS text`;
  expect(await database.query(sent)).toEqual([{ text: '2026-03-12T10:00:00.123Z' }]);
  expect(await database.transaction((tx) => tx.query(sent))).toEqual([{ text: '2026-03-12T10:00:00.123Z' }]);
});

test('a statement that was prepared for an empty table reads it by its index when it has grown', async () => {
  const client = await database.pool.connect();
  try {
    await client.query('CREATE TABLE grown (id int PRIMARY KEY)');
    // Like the tables of a new database, which have been vacuumed.
    await client.query('VACUUM grown');
    await client.query('SET plan_cache_mode = force_generic_plan');
    await client.query('PREPARE one (int) AS SELECT id FROM grown WHERE id = $1');
    await client.query('EXECUTE one (1)');
    await client.query('INSERT INTO grown SELECT generate_series(1, 10000)');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>('EXPLAIN EXECUTE one (1)');
    expect(rows[0]?.['QUERY PLAN']).toMatch(/^(?:Index|Bitmap)/);
  } finally {
    client.release();
  }
});

test('a transaction that times out leaves other connections alone', async () => {
  const other = database.query(Prisma.sql`SELECT pg_sleep(1.7)::text AS slept`);
  const slow = database.transaction(async (tx) => {
    await tx.query(Prisma.sql`SELECT pg_sleep(1.8)`);
    await tx.query(Prisma.sql`SELECT pg_sleep(1.8)`);
  });
  await expect(slow).rejects.toThrow('Query read timeout');
  expect(await other).toEqual([{ slept: '' }]);
  expect(database.pool.totalCount).toBe(1);
});

test('statements that follow a failed one fail with it, and nothing of the transaction stays', async () => {
  const insert = (id: string) => Prisma.sql`
    INSERT INTO plans (id, name, concurrent_sessions, max_session_seconds, position) VALUES (${id}, 'Free', 1, 120, 0)`;
  const failing = database.transaction((tx) =>
    tx.commit(insert('one'), Prisma.sql`SELECT 1 / 0`, insert('two')),
  );
  await expect(failing).rejects.toThrow('division by zero');
  expect(await database.prisma.plan.count()).toBe(0);
  await database.transaction((tx) => tx.commit(insert('one'), insert('two')));
  expect(await database.prisma.plan.count()).toBe(2);
});

test('a transaction that throws is rolled back', async () => {
  const failing = database.transaction(async (tx) => {
    await tx.query(Prisma.sql`INSERT INTO plans (id, name, concurrent_sessions, max_session_seconds, position)
                              VALUES ('free', 'Free', 1, 120, 0)`);
    throw new Error('on second thoughts');
  });
  await expect(failing).rejects.toThrow('on second thoughts');
  expect(await database.prisma.plan.count()).toBe(0);
});

test('a deadlock and a violated unique index are recognised', async () => {
  for (const id of ['free', 'scale']) await database.prisma.plan.create({ data: { ...free, id } });
  let waiting = 0;
  let release: () => void = () => undefined;
  const bothHoldOne = new Promise<void>((resolve) => {
    release = resolve;
  });
  const lock = (first: string, second: string) =>
    database.transaction(async (tx) => {
      await tx.query(Prisma.sql`SELECT 1 FROM plans WHERE id = ${first} FOR UPDATE`);
      waiting += 1;
      if (waiting === 2) release();
      await bothHoldOne;
      await tx.query(Prisma.sql`SELECT 1 FROM plans WHERE id = ${second} FOR UPDATE`);
    });
  const results = await Promise.allSettled([lock('free', 'scale'), lock('scale', 'free')]);
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  expect(errors.map(isLockConflict)).toEqual([true]);

  const [duplicate] = await Promise.allSettled([
    database.prisma.$executeRaw`INSERT INTO plans SELECT * FROM plans WHERE id = 'free'`,
  ]);
  const error: unknown = duplicate.status === 'rejected' ? duplicate.reason : null;
  expect(isLockConflict(error)).toBe(false);
  expect(violatesUniqueIndex(error, 'plans_pkey')).toBe(true);
  expect(violatesUniqueIndex(error, 'orgs_pkey')).toBe(false);
});

test('a silent transaction keeps its locks for two seconds at most', async () => {
  await database.prisma.plan.create({ data: free });
  const { rows } = await database.pool.query<{ idle_in_transaction_session_timeout: string }>(
    'SHOW idle_in_transaction_session_timeout',
  );
  expect(rows[0]?.idle_in_transaction_session_timeout).toBe('2s');
  const silent = await database.pool.connect();
  await silent.query('BEGIN');
  await silent.query('SELECT FROM plans FOR UPDATE');
  await query(testDatabase.url, "UPDATE plans SET name = 'Unlocked'");
  silent.release(true);
  expect(await database.prisma.plan.findFirst({ select: { name: true } })).toEqual({ name: 'Unlocked' });
});

test('idle connections that break are replaced', async () => {
  await database.prisma.plan.count();
  await query(
    testDatabase.url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
    [APPLICATION],
  );
  const again = async (): Promise<number> => database.prisma.plan.count().catch(again);
  expect(await again()).toBe(0);
});

test('an unreachable server is distinguished from a bug, and the error does not contain the password', async () => {
  const unreachable = openDatabase(unreachableUrl, { poolSize: 1, applicationName: APPLICATION });
  const error = await unreachable.prisma.plan.count().catch((reason: unknown) => reason);
  const bug = await database.pool.query('SELECT nothing').catch((reason: unknown) => reason);
  await unreachable.close();
  expect([isDatabaseUnavailable(error), isDatabaseUnavailable(bug)]).toEqual([true, false]);
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('very-secret');
});

test('a participant slot has one live session at most, and any number of ended ones', async () => {
  await database.prisma.plan.create({ data: free });
  await database.prisma.org.create({ data: { id: 'acme', name: 'Acme', planId: 'free' } });
  const create = (id: string, status: 'queued' | 'ended'): Promise<unknown> =>
    database.prisma.session.create({
      data: {
        orgId: 'acme',
        mode: 'test',
        id,
        status,
        avatarId: 'av_stock_001',
        quality: 'standard',
        maxDurationSeconds: 60,
        idleTimeoutSeconds: 30,
        transportUrl: 'wss://example.com',
        roomName: 'room',
        workerIdentity: 'worker',
        participantSlotHash: Buffer.alloc(32),
      },
    });
  await create('sess_1', 'ended');
  await create('sess_2', 'ended');
  await create('sess_3', 'queued');
  await expect(create('sess_4', 'queued')).rejects.toMatchObject({ code: 'P2002' });
});

test('an organisation cannot be named platform, and its reserved credits and sessions cannot be negative', async () => {
  await database.prisma.plan.create({ data: free });
  const name = (id: string): Promise<unknown> =>
    database.prisma.org.create({ data: { id, name: id, planId: 'free' } });
  await expect(name('platform')).rejects.toThrow('orgs_id_not_reserved');
  await name('acme');
  const account = (data: object): Promise<unknown> =>
    database.prisma.account.create({ data: { orgId: 'acme', mode: 'live', ...data } });
  await expect(account({ creditsReserved: -0.1 })).rejects.toThrow('accounts_credits_reserved_not_negative');
  await expect(account({ activeSessions: -1 })).rejects.toThrow('accounts_active_sessions_not_negative');
});
