import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect } from '@jest/globals';

import { PROBLEMS_VARIABLE } from './problems-file.ts';
import { watchStatements } from './watch-statements.ts';

// Jest runs this before each test file. Programs that the tests start add what they find to a file.
const file = join(tmpdir(), `greenroom-statements-${randomBytes(6).toString('hex')}`);
process.env[PROBLEMS_VARIABLE] = file;
const problems = new Set<string>();
await watchStatements((problem) => problems.add(problem));

afterAll(() => {
  if (existsSync(file)) {
    for (const problem of readFileSync(file, 'utf8').trim().split('\n')) problems.add(problem);
    rmSync(file);
  }
  // The statement must name one organisation, or be added to EXCEPTIONS with the reason.
  expect([...problems]).toEqual([]);
});
