// Imported before a program of the server that a test starts. The test checks the statements after the program has
// ended, because parsing them here would take longer than most programs.
import { appendFileSync } from 'node:fs';

import { observeStatements } from './observe-statements.ts';
import { STATEMENTS_VARIABLE } from './statements-file.ts';

const file = process.env[STATEMENTS_VARIABLE] ?? '';
/** Longer values are not ids of organisations. */
const MAX_LENGTH = 200;

observeStatements(({ sql, values }) => {
  const texts = values.map((value) => String(value).slice(0, MAX_LENGTH));
  // Writes at once, because the program may be killed.
  appendFileSync(file, `${JSON.stringify({ sql, values: texts })}\n`);
});
