import { expect, test } from '@jest/globals';

import { summaryOf } from './statement-spans.ts';

test.each([
  ['SELECT id FROM sessions WHERE org_id = $1', 'SELECT sessions'],
  ['SELECT 1 FROM accounts AS account LEFT JOIN orgs USING (org_id)', 'SELECT accounts SELECT orgs'],
  [
    'WITH account AS (UPDATE accounts SET active = 1 RETURNING 1), s AS (INSERT INTO sessions SELECT $1 FROM account) SELECT 1 FROM s',
    'UPDATE accounts INSERT sessions',
  ],
  ['DELETE FROM assignments WHERE id = $1', 'DELETE assignments'],
  ['SELECT id FROM assignments WHERE id = $1 FOR UPDATE SKIP LOCKED', 'SELECT assignments'],
  ['SELECT pg_notify($1, $2)', 'SELECT pg_notify'],
  ['COMMIT', 'COMMIT'],
])('the summary of %s is %s', (text, summary) => {
  expect(summaryOf(text)).toBe(summary);
});
