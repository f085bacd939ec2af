import { expect, test } from '@jest/globals';
import pg from 'pg';

import { readMigrations } from './migrations.ts';
import { missingFromDatabase, missingFromSchema } from './schema-drift.ts';
import { splitStatements } from './split-statements.ts';
import { createTestDatabase } from './testing/test-database.ts';

test('a script is split at the semicolons that end statements', () => {
  const statements = [
    `SELECT ';', 'it''s;', E'\\';', "a;""b;"`,
    `\n-- a comment; with 'a quote\nDO $$ BEGIN PERFORM 1; END $$`,
    `\nCREATE FUNCTION f() RETURNS text LANGUAGE sql AS $body$ SELECT '$$;' $body$`,
    `\n/* another; */ SELECT $1`,
  ];
  expect(splitStatements(`${statements.join(';')};\n-- the end;\n`)).toEqual(statements);
});

test('the statements of all migrations, one by one, make the database of the schema', async () => {
  const database = await createTestDatabase({ empty: true });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const { sql } of readMigrations()) {
    await client.query('BEGIN');
    for (const statement of splitStatements(sql)) await client.query(statement);
    await client.query('COMMIT');
  }
  await client.end();
  expect(await missingFromDatabase(database.url)).toBe('');
  expect(await missingFromSchema(database.url)).toBe('');
  await database.drop();
});
