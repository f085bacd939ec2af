import { createTestDatabase, query } from '@greenroom/database/testing';
import { describe, expect, test } from '@jest/globals';

import { outcomeOf } from '../harness/programs.ts';

const database = (args: string[], env: Record<string, string> = {}) =>
  outcomeOf('cli/database.ts', args, env);

test('--help prints the usage', async () => {
  const { status, output } = await database(['--help']);
  expect(status).toBe(0);
  expect(output).toContain('database distribute');
});

test('finish-upgrade removes what serves the previous version, once', async () => {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const finish = () => database(['finish-upgrade'], { DATABASE_URL: url });
  expect(await finish()).toEqual({ status: 0, output: 'There is no upgrade to finish.\n' });
  await query(
    url,
    `CREATE PROCEDURE finish_upgrade() LANGUAGE plpgsql AS $$
     BEGIN DROP TABLE former; DROP PROCEDURE finish_upgrade(); END $$`,
  );
  await query(url, 'CREATE TABLE former ()');
  expect(await finish()).toEqual({ status: 0, output: 'The upgrade is finished.\n' });
  expect(await query(url, `SELECT to_regclass('former') AS left`)).toEqual([{ left: null }]);
  expect(await finish()).toEqual({ status: 0, output: 'There is no upgrade to finish.\n' });
  await testDatabase.drop();
});

describe('an error is one line, with status 1 and without a stack', () => {
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
    expect(output).toMatch(/^The command failed: DATABASE_URL is not set\. .*\n$/);
  });

  test.each([[['distrbute']], [['distribute', 'again']]])('%j', async (args) => {
    const { status, output } = await database(args);
    expect(status).toBe(1);
    expect(output).toBe(
      `The command failed: Unknown command \`${args.join(' ')}\`. Usage: database finish-upgrade or distribute.\n`,
    );
  });
});
