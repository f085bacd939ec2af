import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@greenroom/testing';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { runProgram } from '../harness/programs.ts';
import { silentPostgres } from '../harness/silent-postgres.ts';

jest.setTimeout(120_000);

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-silent-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function startOn(url: string) {
  const environment = { GREENROOM_DATA_DIR: dataDir, PORT: String(await freePort()), DATABASE_URL: url };
  return runProgram('main.ts', [], environment);
}

test.each(['at once', 'once authenticated'] as const)(
  'a start on a database that is silent %s ends cleanly on a request to stop',
  async (silence) => {
    const database = await silentPostgres(silence);
    try {
      const program = await startOn(database.url);
      await Promise.race([database.asked, program.exited]);
      program.process.kill('SIGTERM');
      expect({ status: await program.exited, output: program.output() }).toEqual({ status: 0, output: '' });
    } finally {
      database.close();
    }
  },
);

test('a start on a silent database ends with the reason', async () => {
  const database = await silentPostgres('once authenticated');
  try {
    const program = await startOn(database.url);
    expect({ status: await program.exited, output: program.output() }).toEqual({
      status: 1,
      output:
        'Greenroom cannot start: The database does not respond. Check that the server of DATABASE_URL runs and is reachable.\n',
    });
  } finally {
    database.close();
  }
});
