import { createTestDatabase, query } from '@greenroom/database/testing';
import { describe, expect, jest, test } from '@jest/globals';

import { outcomeOf } from '../harness/programs.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(60_000);

const database = (args: string[], env: Record<string, string> = {}) =>
  outcomeOf('cli/greenroom.ts', ['database', ...args], env);

test('--help prints the usage', async () => {
  const { status, output } = await database(['--help']);
  expect(status).toBe(0);
  expect(output).toContain('distribute');
});

test('migrate creates the tables and the plans, and does nothing the second time', async () => {
  const empty = await createTestDatabase({ empty: true });
  const migrate = () => database(['migrate'], { DATABASE_URL: empty.url });
  const { status, output } = await migrate();
  expect(output).toMatch(/^Applying \d+_init, .*\n[^]*The database is ready\.\n$/);
  expect(status).toBe(0);
  expect(await query(empty.url, `SELECT 1 AS found FROM plans WHERE id = 'launch'`)).toEqual([{ found: 1 }]);
  expect(await migrate()).toEqual({ status: 0, output: 'The database is ready.\n' });
  await empty.drop();
});

test('finish-upgrade removes the compatibility with the previous version, once', async () => {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const finish = (...args: string[]) => database(['finish-upgrade', ...args], { DATABASE_URL: url });
  await query(
    url,
    `CREATE PROCEDURE finish_upgrade() LANGUAGE plpgsql AS $$
     BEGIN DROP TABLE former; DROP PROCEDURE finish_upgrade(); END $$`,
  );
  await query(url, 'CREATE TABLE former ()');
  expect(await finish()).toEqual({ status: 0, output: 'The upgrade is finished.\n' });
  expect(await query(url, `SELECT to_regclass('former') AS left`)).toEqual([{ left: null }]);
  expect(await finish('--json')).toEqual({
    status: 0,
    output: '{"messages":["There is no upgrade to finish."]}\n',
  });
  await testDatabase.drop();
});

describe('an error is one line, without a stack', () => {
  test('a database without Citus', async () => {
    const plain = await createTestDatabase({ empty: true });
    expect(await database(['distribute'], { DATABASE_URL: plain.url })).toEqual({
      status: 1,
      output: expect.stringMatching(
        /^The command failed: .* has no Citus\. Run CREATE EXTENSION citus .*\n$/,
      ),
    });
    await plain.drop();
  });

  test('no database', async () => {
    const { status, output } = await database(['distribute']);
    expect(status).toBe(1);
    expect(output).toMatch(/^DATABASE_URL is not set\. .*\n$/);
  });

  test.each([[['distrbute']], [['distribute', 'again']]])('%j', async (args) => {
    const { status, output } = await database(args);
    expect(status).toBe(2);
    expect(output.trim().split('\n')).toHaveLength(1);
  });
});
