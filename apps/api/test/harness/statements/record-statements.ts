// Imported before a program of the server that a test starts. The test checks the statements after the program has ended:
// to parse them here would take longer than most programs.
import { appendFileSync } from 'node:fs';

import { observeStatements } from './observe-statements.ts';
import { STATEMENTS_VARIABLE } from './statements-file.ts';

const file = process.env[STATEMENTS_VARIABLE] ?? '';
const recorded = new Set<string>();

observeStatements(({ sql, values }) => {
  // Which values are equal decides whether the tables of a statement have one organisation.
  const first = values.map((value) => values.indexOf(value));
  const form = `${sql} ${first.join()}`;
  if (recorded.has(form)) return;
  recorded.add(form);
  // At once: the program may be killed.
  appendFileSync(file, `${JSON.stringify({ sql, values: values.map(String) })}\n`);
});
