import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';

import { killProcess } from '../test/opener.ts';
import { migrate, MIGRATION_LOCK, WORKER_SCHEMA_REVISION } from './migrate.ts';
import { asMigration, readMigrations, type Migration } from './migrations.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

const MIGRATOR = fileURLToPath(new URL('../test/migrate-database.ts', import.meta.url));

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

async function migrateLogged(migrations = readMigrations()): Promise<string[]> {
  const lines: string[] = [];
  await migrate(database.url, { migrations, log: (line) => lines.push(line) });
  return lines;
}

/** Starts a process that applies migrations to the database at `url`. */
function migrateInAnotherProcess(url: string, migrations: readonly Migration[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', MIGRATOR, url, JSON.stringify(migrations)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

function tableExists(name: string): Promise<unknown[]> {
  return query(database.url, 'SELECT to_regclass($1) IS NOT NULL AS exists', [name]);
}

test('migrating creates the tables of this package and of the job queue; a second run does nothing', async () => {
  expect(await migrateLogged()).toHaveLength(2);
  expect(await tableExists('sessions')).toEqual([{ exists: true }]);
  expect(await tableExists('graphile_worker.migrations')).toEqual([{ exists: true }]);
  expect(await migrateLogged()).toEqual([]);
});

test('of four processes that migrate at once, one migrates and all succeed', async () => {
  const logs = await Promise.all([1, 2, 3, 4].map(() => migrateLogged()));
  expect(logs.flat()).toHaveLength(2);
  const rows = await query(database.url, 'SELECT migration_name FROM _prisma_migrations');
  expect(rows).toHaveLength(readMigrations().length);
});

test('processes that start during a migration wait for it', async () => {
  await migrate(database.url);
  const [first] = readMigrations();
  // The record as other processes see it while a migration runs.
  await query(database.url, 'UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1', [
    first?.name,
  ]);
  const migrating = new pg.Client(database.url);
  await migrating.connect();
  await migrating.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  const starts = Promise.all([1, 2, 3].map(() => migrateLogged()));
  await until(async () => {
    const waiting = await query(
      database.url,
      `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`,
    );
    return waiting.length === 3;
  });
  await migrating.query('UPDATE _prisma_migrations SET finished_at = now()');
  await migrating.end();
  expect((await starts).flat()).toEqual([]);
});

test.each(['LATIN1', 'SQL_ASCII'])(
  'a database in %s is rejected before anything is written',
  async (encoding) => {
    const name = `greenroom_${encoding.toLowerCase()}_${process.pid}`;
    await query(database.url, `CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await expect(migrate(url.href)).rejects.toThrow(
      `The database ${name} has the encoding ${encoding}; it must be UTF8. Nothing was changed.`,
    );
    expect(await query(url.href, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    await query(database.url, `DROP DATABASE ${name}`);
  },
);

test('the history has the columns and checksums that Prisma records', async () => {
  await migrate(database.url);
  const columns = await query(
    database.url,
    `SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) AS list
     FROM information_schema.columns WHERE table_name = '_prisma_migrations'`,
  );
  expect(columns).toEqual([
    {
      list:
        'id character varying, checksum character varying, finished_at timestamp with time zone, ' +
        'migration_name character varying, logs text, rolled_back_at timestamp with time zone, ' +
        'started_at timestamp with time zone, applied_steps_count integer',
    },
  ]);
  const recorded = await query(
    database.url,
    'SELECT migration_name AS name, checksum FROM _prisma_migrations ORDER BY 1',
  );
  expect(recorded).toEqual(readMigrations().map(({ name, checksum }) => ({ name, checksum })));
});

test('a migration that changed after it was applied is rejected by name', async () => {
  const [first] = readMigrations();
  await migrate(database.url);
  const edited = asMigration(first?.name ?? '', `${first?.sql}\n-- a later change`);
  await expect(migrateLogged([edited])).rejects.toThrow(
    `changed after they had been applied to this database: ${first?.name}`,
  );
});

describe('a migration that fails', () => {
  const good = asMigration('20260101000000_good', 'CREATE TABLE one (id int)');
  const bad = asMigration('20260102000000_bad', 'CREATE TABLE two (id int); SELECT 1/0;');
  const fixed = asMigration('20260102000000_bad', 'CREATE TABLE two (id int);');

  test('reports the reason and is rolled back', async () => {
    await expect(migrateLogged([good, bad])).rejects.toThrow('division by zero');
    expect(await tableExists('one')).toEqual([{ exists: true }]);
    expect(await tableExists('two')).toEqual([{ exists: false }]);
  });

  test('blocks every later start until it is marked as rolled back', async () => {
    await migrateLogged([good, bad]).catch(() => undefined);
    const error = await migrateLogged([good, fixed]).catch(String);
    const [statement] = /UPDATE _prisma_migrations .*;/.exec(String(error)) ?? [];
    await query(database.url, statement ?? '');
    expect(await migrateLogged([good, fixed])).toContain('Applying 20260102000000_bad.');
    expect(await tableExists('two')).toEqual([{ exists: true }]);
  });
});

describe('a migration that is interrupted', () => {
  const GATE = 4242;
  const first = asMigration('20260101000000_first', 'CREATE TABLE one (id int)');
  // Can be applied only once, and not before the gate opens.
  const gated = asMigration(
    '20260102000000_gated',
    `CREATE TABLE two (id int); SELECT pg_advisory_xact_lock(${GATE}) -- the end`,
  );
  let gate: pg.Client;
  beforeEach(async () => {
    gate = new pg.Client(database.url);
    await gate.connect();
    await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
  });
  afterEach(() => gate.end());

  const waitingAtGate = () =>
    query<{ pid: number }>(
      database.url,
      `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
       WHERE datname = current_database() AND locktype = 'advisory' AND objid = $1 AND NOT granted`,
      [GATE],
    );
  const history = () =>
    query(
      database.url,
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
       FROM _prisma_migrations ORDER BY started_at`,
    );

  test('by a broken connection is applied again by the next start', async () => {
    const interrupted = migrateLogged([first, gated]).catch(String);
    await until(async () => (await waitingAtGate()).length === 1);
    const [backend] = await waitingAtGate();
    await query(database.url, 'SELECT pg_terminate_backend($1::int)', [backend?.pid]);
    await interrupted;
    expect(await tableExists('two')).toEqual([{ exists: false }]);

    await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
    expect(await migrateLogged([first, gated])).toEqual([
      'The migration 20260102000000_gated was interrupted and rolled back. Applying it again.',
      'Applying 20260102000000_gated.',
      'Applying the migrations of graphile-worker.',
    ]);
    expect(await tableExists('two')).toEqual([{ exists: true }]);
    expect(await history()).toEqual([
      { name: first.name, finished: true, rolled_back: false },
      { name: gated.name, finished: false, rolled_back: true },
      { name: gated.name, finished: true, rolled_back: false },
    ]);
  });

  test('by a killed process is awaited by the next start and not applied twice', async () => {
    const child = migrateInAnotherProcess(database.url, [first, gated]);
    await until(async () => (await waitingAtGate()).length === 1);
    await killProcess(child);
    const next = migrateLogged([first, gated]);
    await until(async () => {
      const waiting = await query(
        database.url,
        `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
         WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`,
      );
      return waiting.length === 2;
    });
    await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
    expect(await next).toEqual(['Applying the migrations of graphile-worker.']);
    expect(await history()).toEqual([
      { name: first.name, finished: true, rolled_back: false },
      { name: gated.name, finished: true, rolled_back: false },
    ]);
  });
});

test('a migration may contain semicolons in comments, strings and blocks', async () => {
  const sql = `-- one; two
    CREATE TABLE one (name text DEFAULT 'a;b');
    DO $$ BEGIN INSERT INTO one DEFAULT VALUES; INSERT INTO one DEFAULT VALUES; END $$;`;
  await migrateLogged([asMigration('20260101000000_semicolons', sql)]);
  expect(await query(database.url, 'SELECT name FROM one')).toEqual([{ name: 'a;b' }, { name: 'a;b' }]);
});

test('an error does not contain the password', async () => {
  const url = database.url.replace(/\/\/([^:]+):[^@]+@/, '//$1:wrong-secret@');
  const error = await migrate(url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('wrong-secret');
});

test('the expected revision of the job queue is the latest one of its package', () => {
  const worker = dirname(createRequire(import.meta.url).resolve('graphile-worker'));
  const revisions = readdirSync(join(worker, '..', 'sql')).map((name) => Number.parseInt(name, 10));
  expect(Math.max(...revisions)).toBe(WORKER_SCHEMA_REVISION);
});
