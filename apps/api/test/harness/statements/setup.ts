import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect } from '@jest/globals';
import { loadModule } from 'libpg-query';

import { observeStatements, type Statement } from './observe-statements.ts';
import { StatementCheck } from './statement-check.ts';
import { STATEMENTS_VARIABLE } from './statements-file.ts';

// Jest runs this before each test file. Programs that the tests start add their statements to a file.
const file = join(tmpdir(), `greenroom-statements-${randomBytes(6).toString('hex')}`);
process.env[STATEMENTS_VARIABLE] = file;

await loadModule();
const check = new StatementCheck();
const problems = new Set<string>();

function look({ sql, values }: Statement): void {
  const problem = check.problemOf(sql, values);
  if (problem !== null) problems.add(`${problem}: ${sql.replaceAll(/\s+/g, ' ')}`);
}

observeStatements(look);

afterAll(() => {
  if (existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) look(JSON.parse(line) as Statement);
    rmSync(file);
  }
  // The statement must name one organisation, or be added to EXCEPTIONS with the reason.
  expect([...problems]).toEqual([]);
});
