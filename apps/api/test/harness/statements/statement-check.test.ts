import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModule } from 'libpg-query';

import { StatementCheck } from './statement-check.ts';

const check = new StatementCheck();
beforeAll(() => loadModule());

const problem = (sql: string, ...values: unknown[]) => check.problemOf(sql, values);

describe('a statement on one organisation is accepted', () => {
  test.each([
    ['an equality', 'SELECT * FROM sessions WHERE org_id = $1 AND mode = $2'],
    ['an equality with a cast', 'SELECT * FROM sessions WHERE $1::text = sessions.org_id'],
    ['a list of one', 'SELECT * FROM sessions WHERE org_id IN ($1)'],
    [
      'a quoted schema',
      'SELECT "public"."sessions"."id" FROM "public"."sessions" WHERE "public"."sessions"."org_id" = $1',
    ],
    ['a row', 'SELECT * FROM sessions AS s WHERE (s.org_id, s.id) = ($1, $2)'],
    ['a lock', 'SELECT 1 FROM sessions WHERE org_id = $1 AND id = $2 FOR UPDATE SKIP LOCKED'],
    [
      'a join by organisation',
      'SELECT 1 FROM sessions s JOIN accounts a ON a.org_id = s.org_id WHERE s.org_id = $1',
    ],
    ['a join using it', 'SELECT 1 FROM sessions JOIN session_events USING (org_id) WHERE org_id = $1'],
    ['an outer join', 'SELECT 1 FROM accounts a LEFT JOIN sessions s ON s.org_id = $1 WHERE a.org_id = $1'],
    [
      'reference tables',
      'SELECT 1 FROM accounts a JOIN orgs o ON o.id = a.org_id JOIN plans ON true WHERE a.org_id = $1',
    ],
    [
      'a lateral subquery',
      `
      SELECT * FROM unnest($2::text[]) AS wanted (status),
        LATERAL (SELECT * FROM sessions WHERE org_id = $1 AND status = wanted.status LIMIT 5) AS session`,
    ],
    [
      'a correlated subquery',
      `
      DELETE FROM avatar_portraits AS p WHERE org_id = $1
         AND NOT EXISTS (SELECT FROM sessions AS s WHERE s.org_id = p.org_id AND s.avatar_id = p.avatar_id)`,
    ],
    [
      'a common table expression',
      `
      WITH one AS (SELECT org_id, id FROM sessions WHERE org_id = $1 FOR UPDATE)
      UPDATE accounts AS a SET active_sessions = 0 FROM one WHERE a.org_id = one.org_id`,
    ],
    [
      'changes in common table expressions',
      `
      WITH moved AS (UPDATE sessions SET frames = 0 WHERE org_id = $1 AND id = $2 RETURNING *),
           event AS (INSERT INTO session_events (org_id, mode, session_id) SELECT $1, $3, $2 FROM moved)
      SELECT * FROM moved`,
    ],
    [
      'a copy',
      'INSERT INTO session_events (org_id, id) SELECT s.org_id, s.id FROM sessions s WHERE s.org_id = $1',
    ],
    [
      'an insert of one row',
      `INSERT INTO sessions (id, org_id) VALUES ('x', $1) ON CONFLICT DO NOTHING RETURNING *`,
    ],
    [
      'a recursion',
      `
      WITH RECURSIVE n AS (SELECT org_id, 1 AS i FROM accounts WHERE org_id = $1
        UNION ALL SELECT n.org_id, n.i + 1 FROM n JOIN accounts a ON a.org_id = n.org_id WHERE n.i < 3)
      SELECT * FROM n`,
    ],
    [
      'a union with a reference table',
      'SELECT id FROM avatars WHERE org_id = $1 UNION ALL SELECT id FROM stock_avatars',
    ],
    ['a nested page', 'SELECT count(*) FROM (SELECT id FROM sessions WHERE org_id = $1 OFFSET $2) AS sub'],
  ])('%s', (_name, sql) => {
    expect(problem(sql, 'acme', 'acme', 'acme')).toBeNull();
  });

  test('several rows of one organisation, and parameters with the same value', () => {
    const sql = 'INSERT INTO accounts (org_id, mode) VALUES ($1, $2), ($3, $4)';
    expect(problem(sql, 'acme', 'test', 'acme', 'live')).toBeNull();
    expect(
      problem('SELECT 1 FROM sessions s, accounts a WHERE s.org_id = $1 AND a.org_id = $2', 'acme', 'acme'),
    ).toBeNull();
  });
});

describe('a statement without distributed tables is accepted', () => {
  test.each([
    'SELECT * FROM api_keys k JOIN orgs o ON o.id = k.org_id WHERE k.secret_hash = $1',
    'SELECT graphile_worker.add_job($1, $2)',
    'SELECT count(*) FROM pg_stat_activity',
    'UPDATE workers SET last_seen_at = $1 WHERE id = $2',
    'BEGIN; SELECT FROM workers WHERE id = $1 FOR NO KEY UPDATE',
    `SET statement_timeout = 2000; SELECT 1`,
    'INSERT INTO plans (id, name) VALUES ($1, $2), ($3, $4)',
    'LISTEN greenroom_keys',
  ])('%s', (sql) => {
    expect(problem(sql)).toBeNull();
  });
});

describe('a statement on several shards is rejected', () => {
  test.each([
    ['no condition', 'SELECT count(*) FROM sessions'],
    ['another column', 'SELECT * FROM sessions WHERE id = $1 FOR UPDATE'],
    ['a range', 'SELECT * FROM sessions WHERE org_id >= $1'],
    ['a list', `SELECT * FROM avatars WHERE org_id IN ($1, 'platform')`],
    ['an array', 'SELECT * FROM avatars WHERE org_id = ANY ($1)'],
    ['an alternative', 'SELECT * FROM sessions WHERE org_id = $1 OR id = $2'],
    ['a negation', 'SELECT * FROM sessions WHERE NOT (org_id = $1)'],
    [
      'a join that names one of the tables',
      'SELECT 1 FROM sessions s JOIN accounts a ON a.mode = s.mode WHERE s.org_id = $1',
    ],
    [
      'an outer join that keeps all rows',
      'SELECT 1 FROM accounts a LEFT JOIN sessions s ON a.org_id = $1 AND s.org_id = $1',
    ],
    ['one half of a union', 'SELECT id FROM avatars WHERE org_id = $1 UNION SELECT id FROM avatars'],
    [
      'a subquery',
      'SELECT 1 FROM accounts WHERE org_id = $1 AND EXISTS (SELECT FROM sessions WHERE id = $2)',
    ],
    ['a subquery in the columns', 'SELECT (SELECT count(*) FROM sessions) FROM accounts WHERE org_id = $1'],
    [
      'a subquery in an insert',
      'INSERT INTO accounts (org_id, active_sessions) VALUES ($1, (SELECT count(*) FROM sessions))',
    ],
    [
      'a condition outside of the subquery',
      'SELECT * FROM (SELECT * FROM sessions LIMIT 5) AS s WHERE org_id = $1',
    ],
    [
      'a common table expression',
      'WITH old AS (DELETE FROM sessions WHERE id = $1 RETURNING *) SELECT * FROM old WHERE org_id = $2',
    ],
    [
      'a join with an array',
      'UPDATE sessions s SET frames = 0 FROM unnest($1::text[]) AS u (org_id) WHERE s.org_id = u.org_id',
    ],
    ['an insert without it', 'INSERT INTO sessions (id) VALUES ($1)'],
    ['a copy of all', 'INSERT INTO session_events (org_id) SELECT org_id FROM sessions'],
    ['a delete', 'DELETE FROM idempotency_records WHERE expires_at < $1'],
  ])('%s', (_name, sql) => {
    expect(problem(sql, 'acme', 'acme')).toMatch(/^\w+ has no equality on its distribution column$/);
  });

  test('two organisations', () => {
    const rows = 'INSERT INTO accounts (org_id, mode) VALUES ($1, $2), ($3, $4)';
    expect(problem(rows, 'acme', 'test', 'other', 'test')).toContain('several organisations: acme,other');
    const join = `SELECT 1 FROM sessions s, accounts a WHERE s.org_id = $1 AND a.org_id = 'dev'`;
    expect(problem(join, 'acme')).toContain('several organisations: acme,dev');
  });
});

describe('a statement on a shard and on the coordinator is rejected', () => {
  test.each([
    [
      'a join',
      'SELECT 1 FROM sessions s JOIN workers w ON w.id = s.worker_id WHERE s.org_id = $1',
      'workers',
    ],
    ['a subquery', 'SELECT (SELECT 1 FROM workers LIMIT 1) FROM sessions WHERE org_id = $1', 'workers'],
    [
      'a job',
      'SELECT graphile_worker.add_job($2) FROM avatars WHERE org_id = $1',
      'graphile_worker.add_job()',
    ],
    [
      'a notification',
      `WITH a AS (DELETE FROM avatars WHERE org_id = $1) SELECT pg_notify('x', '')`,
      'pg_notify()',
    ],
    [
      'a change',
      `WITH a AS (DELETE FROM avatars WHERE org_id = $1 RETURNING *)
      INSERT INTO dispatch_turns (org_id, mode) SELECT org_id, mode FROM a`,
      'dispatch_turns',
    ],
  ])('%s', (_name, sql, unsharded) => {
    expect(problem(sql, 'acme')).toContain(`is distributed, and ${unsharded} is not`);
  });
});

describe('syntax that Citus rejects is rejected', () => {
  test.each([
    [
      'an INSERT together with WITH RECURSIVE',
      `WITH RECURSIVE queue AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM queue WHERE i < 3),
         turn AS (INSERT INTO dispatch_turns (org_id, mode) SELECT 'acme', 'test' FROM queue)
       SELECT 1 FROM queue`,
    ],
    [
      'a common table expression without columns',
      'WITH one AS (SELECT) UPDATE accounts SET active_sessions = 0 FROM one WHERE org_id = $1',
    ],
    [
      'a function in ON CONFLICT that is not immutable',
      `INSERT INTO idempotency_records AS record (org_id, body) VALUES ($1, '')
       ON CONFLICT (org_id) DO UPDATE SET body = '' WHERE record.expires_at < now()`,
    ],
    [
      'a function in CASE or COALESCE of a change that is not immutable',
      'UPDATE sessions SET started_at = coalesce(started_at, now()) WHERE org_id = $1',
    ],
    [
      'a function in RETURNING that is not immutable',
      'UPDATE sessions SET frames = 0 WHERE org_id = $1 RETURNING now() - started_at AS age',
    ],
  ])('%s', (refused, sql) => {
    expect(problem(sql, 'acme')).toBe(`Citus refuses ${refused}`);
  });

  test('null in the condition of an outer join is rejected, but a value is accepted', () => {
    const sql =
      'SELECT 1 FROM accounts a LEFT JOIN sessions s ON s.org_id = $1 AND s.id = $2 WHERE a.org_id = $1';
    expect(problem(sql, 'acme', null)).toBe('Citus refuses null for $2 in an outer join');
    expect(problem(sql, 'acme', 'sess_1')).toBeNull();
  });

  test('a recursion that updates, and a subquery without columns, are accepted', () => {
    const pick = 'WITH RECURSIVE q AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM q WHERE i < 3)';
    expect(problem(`${pick} UPDATE workers SET slots = i FROM q WHERE id = $1`)).toBeNull();
    expect(
      problem(
        'SELECT 1 FROM sessions WHERE org_id = $1 AND EXISTS (SELECT FROM accounts WHERE org_id = $1)',
        'acme',
      ),
    ).toBeNull();
  });
});

test('a table that is not in the list is rejected', () => {
  expect(problem('SELECT 1 FROM sesions WHERE org_id = $1')).toBe('sesions is not in the list of tables');
});
