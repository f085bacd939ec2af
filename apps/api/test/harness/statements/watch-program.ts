// Imported before a program of the server that a test starts.
import { appendFileSync } from 'node:fs';

import { PROBLEMS_VARIABLE } from './problems-file.ts';
import { watchStatements } from './watch-statements.ts';

const file = process.env[PROBLEMS_VARIABLE] ?? '';
await watchStatements((problem) => {
  // At once: the program may be killed.
  appendFileSync(file, `${problem}\n`);
});
