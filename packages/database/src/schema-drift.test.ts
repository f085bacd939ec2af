import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { missingFromDatabase, missingFromSchema, readSchema } from './schema-drift.ts';
import { query } from './testing/query.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

test('the migrations and schema.prisma describe the same database', async () => {
  expect(await missingFromDatabase(database.url)).toBe('');
  expect(await missingFromSchema(database.url)).toBe('');
});

test('a column that only the database has is detected', async () => {
  await query(database.url, 'ALTER TABLE sessions ADD COLUMN region text');
  expect(await missingFromDatabase(database.url)).toContain('DROP COLUMN "region"');
  expect(await missingFromSchema(database.url)).toContain('ADD COLUMN     "region"');
});

test('a column that only schema.prisma has is detected', async () => {
  const schema = readSchema().replace('model Session {', 'model Session {\n  region String?');
  expect(await missingFromDatabase(database.url, schema)).toContain('ADD COLUMN     "region"');
  expect(await missingFromSchema(database.url, schema)).toContain('DROP COLUMN "region"');
});

test('a changed condition of the partial index is detected', async () => {
  await query(database.url, 'DROP INDEX sessions_live_seat_key');
  await query(
    database.url,
    `CREATE UNIQUE INDEX sessions_live_seat_key ON sessions (org_id, mode, seat_hash) WHERE status = 'running'`,
  );
  expect(await missingFromDatabase(database.url)).toContain('sessions_live_seat_key');
});

test('every id column is compared byte by byte', async () => {
  const others = await query(
    database.url,
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
       AND column_name ~ '^(.*_)?id$' AND collation_name IS DISTINCT FROM 'C'`,
  );
  expect(others).toEqual([]);
});
