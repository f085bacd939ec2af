import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { query } from '../testing/query.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { distribute } from './distribute.ts';
import { TABLES } from './tables.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

test('every table of the database has a stated distribution', async () => {
  const tables = await query<{ name: string }>(
    database.url,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name !~ '_[0-9]{6}$'`,
  );
  expect(tables.map(({ name }) => name).sort()).toEqual(
    ['_prisma_migrations', ...Object.keys(TABLES)].sort(),
  );
});

test('every distributed table has the distribution column in its unique keys', async () => {
  const keys = await query<{ name: string; table: string }>(
    database.url,
    `SELECT indexrelid::regclass::text AS name, indrelid::regclass::text AS table FROM pg_index
      WHERE indisunique AND indrelid = ANY ($1::text[]::regclass[])
        AND NOT EXISTS (SELECT FROM pg_attribute
                         WHERE attrelid = indrelid AND attnum = ANY (indkey) AND attname = 'org_id')`,
    [Object.keys(TABLES).filter((name) => TABLES[name] === 'distributed')],
  );
  expect(keys).toEqual([]);
});

test('foreign keys stay within an organisation or refer to reference tables', async () => {
  const keys = await query<{ name: string; own: string; other: string; columns: string }>(
    database.url,
    `SELECT conname AS name, conrelid::regclass::text AS own, confrelid::regclass::text AS other,
            pg_get_constraintdef(oid) AS columns
       FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::text[]::regclass[])`,
    [Object.keys(TABLES)],
  );
  const refused = keys.filter(({ own, other, columns }) => {
    const [from, to] = [TABLES[own], TABLES[other]];
    if (to === 'reference') return false;
    if (to === 'unsharded') return from !== 'unsharded';
    return from !== 'distributed' || !/FOREIGN KEY \(org_id\b.*REFERENCES \w+\(org_id\b/.test(columns);
  });
  expect(refused).toEqual([]);
});

test('a database without Citus is rejected with the command to run, and stays unchanged', async () => {
  const plain = await createTestDatabase({ empty: true });
  await expect(distribute(plain.url)).rejects.toThrow(/has no Citus\. Run CREATE EXTENSION citus/);
  expect(await query(plain.url, `SELECT FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  await plain.drop();
});
