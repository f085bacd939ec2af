import { createTestDatabase } from '@greenroom/database/testing';
import { describe, expect, test } from '@jest/globals';

import { outcomeOf } from '../harness/programs.ts';

const database = (args: string[], env: Record<string, string> = {}) =>
  outcomeOf('cli/database.ts', args, env);

test('--help prints the usage', async () => {
  const { status, output } = await database(['--help']);
  expect(status).toBe(0);
  expect(output).toContain('database distribute');
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
      `The command failed: Unknown command \`${args.join(' ')}\`. Usage: database distribute.\n`,
    );
  });
});
