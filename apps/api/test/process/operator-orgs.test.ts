import { query } from '@greenroom/database/testing';
import { until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';

import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { beginErasure } from '../../src/retention/erasure-repository.ts';
import { errorOf } from '../harness/error-response.ts';
import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { outcomeOf, runProgram } from '../harness/programs.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;
let second: TestServer;

beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 600 } });
  second = await server.another();
});
afterAll(() => server.close());

const run = (...args: string[]) => greenroom(server, ...args);
const json = (...args: string[]) => greenroomJson(server, ...args);
const stored = () => query(server.databaseUrl, 'SELECT * FROM orgs ORDER BY id');

test('an organisation is created with its plan and the included credits, and can be changed', async () => {
  const account = { credits_balance: 0, credits_reserved: 0, active_sessions: 0 };
  const granted = (credits: number) => ({ ...account, credits_balance: credits });
  expect(await json('orgs', 'create', 'acme', '--name', 'Acme Inc.', '--plan', 'starter')).toEqual({
    id: 'acme',
    name: 'Acme Inc.',
    plan: 'starter',
    status: 'active',
    suspended_at: null,
    created_at: expect.any(String),
    concurrent_sessions: 2,
    max_session_seconds: 600,
    requests_per_second: null,
    creates_per_second: null,
    live: granted(500),
    test: account,
  });
  expect(await json('orgs', 'set-plan', 'acme', 'launch')).toMatchObject({
    plan: 'launch',
    concurrent_sessions: 10,
    live: granted(7500),
  });
  const limits = ['--concurrent-sessions', '25', '--requests-per-second', '7'];
  expect(await json('orgs', 'set-limits', 'acme', ...limits)).toMatchObject({
    concurrent_sessions: 25,
    requests_per_second: 7,
  });
  expect(await json('orgs', 'set-limits', 'acme', '--concurrent-sessions', 'default')).toMatchObject({
    concurrent_sessions: 10,
    requests_per_second: 7,
  });
  expect(await json('orgs', 'list', '--limit', '1')).toMatchObject([{ id: 'acme' }]);
  expect(await json('orgs', 'list', '--after', 'acme')).toMatchObject([{ id: 'dev' }]);
  const shown = await run('orgs', 'show', 'acme');
  expect(shown.output).toMatch(/^plan +launch$/m);
  expect(shown.output).toMatch(/^live\.credits_balance +7500$/m);
});

test('keys of a suspended organisation are rejected by every process, and its session continues', async () => {
  const keys = await server.createOrg({ id: 'late-payer' });
  const created = await postSession(server, {}, { key: keys.test });
  const { id } = (await created.json()) as { id: string };
  const statusOn = async (on: TestServer) => (await on.request('/v1/limits', { key: keys.test })).status;
  expect([await statusOn(server), await statusOn(second)]).toEqual([200, 200]);

  expect(await run('orgs', 'suspend', 'late-payer')).toEqual({
    status: 2,
    output: 'Every request of `late-payer` will be rejected. Add --yes to do it.\n',
  });
  expect(await statusOn(server)).toBe(200);

  expect(await json('orgs', 'suspend', 'late-payer', '--yes')).toMatchObject({ status: 'suspended' });
  for (const process of [server, second]) await until(async () => (await statusOn(process)) === 403);
  const refused = { status: 403, code: 'organisation.suspended', param: null };
  expect(await errorOf(await postSession(server, {}, { key: keys.live }))).toEqual(refused);
  expect(await query(server.databaseUrl, 'SELECT status FROM assignments WHERE id = $1', [id])).toEqual([
    { status: 'queued' },
  ]);
  expect(await run('orgs', 'suspend', 'late-payer', '--yes')).toEqual({
    status: 1,
    output: '`late-payer` is already suspended.\n',
  });

  expect(await json('orgs', 'resume', 'late-payer')).toMatchObject({ status: 'active', suspended_at: null });
  for (const process of [server, second]) await until(async () => (await statusOn(process)) === 200);
});

test('a changed rate limit soon applies in every process', async () => {
  const { test: key } = await server.createOrg({ id: 'slower' });
  const policy = async (on: TestServer) =>
    (await on.request('/v1/limits', { key })).headers.get('RateLimit-Policy');
  const before = await policy(second);
  expect((await run('orgs', 'set-limits', 'slower', '--requests-per-second', '3')).status).toBe(0);
  await until(async () => (await policy(second)) !== before);
});

describe('of two operators at once', () => {
  test('one creates an organisation, and the other is rejected', async () => {
    const outcomes = await Promise.all(
      [1, 2].map(() => run('orgs', 'create', 'contested', '--plan', 'free')),
    );
    const [won, lost] = outcomes.sort((one, other) => one.status - other.status);
    expect(won?.status).toBe(0);
    expect(lost).toEqual({
      status: 1,
      output: 'An organisation with the id `contested` already exists. Choose another id.\n',
    });
  });

  test('one changes it, and the other is rejected', async () => {
    await server.createOrg({ id: 'busy' });
    const other = new pg.Client({ connectionString: server.databaseUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query(`UPDATE orgs SET concurrent_sessions = 9 WHERE id = 'busy'`);
      const late = runProgram('cli/greenroom.ts', ['orgs', 'set-plan', 'busy', 'free'], {
        DATABASE_URL: server.databaseUrl,
      });
      await until(async () => {
        const waiting = await query(
          server.databaseUrl,
          `SELECT 1 FROM pg_stat_activity WHERE application_name = 'greenroom-operator' AND wait_event_type = 'Lock'`,
        );
        return waiting.length === 1;
      });
      await other.query('COMMIT');
      expect(await late.exited).toBe(1);
      expect(late.output()).toBe(
        '`busy` was changed by another operator at the same time. Check it and run the command again.\n',
      );
    } finally {
      await other.end();
    }
    expect(await json('orgs', 'show', 'busy')).toMatchObject({ plan: 'scale', concurrent_sessions: 9 });
  });
});

describe('an error is one line, and nothing has changed', () => {
  beforeAll(async () => {
    const { test: key } = await server.createOrg({ id: 'busy-now' });
    expect((await postSession(server, {}, { key })).status).toBe(201);
    await server.createOrg({ id: 'deleting' });
    await beginErasure(server.database, 'deleting', SYSTEM);
  });

  test.concurrent.each([
    [1, ['orgs', 'create', 'dev', '--plan', 'free'], /the id `dev` already exists/],
    [
      1,
      ['orgs', 'create', 'dev2', '--name', 'Development', '--plan', 'free'],
      /the name `Development` already exists/,
    ],
    [1, ['orgs', 'create', 'new', '--plan', 'gold'], /Plan `gold` does not exist. The plans are `free`/],
    [2, ['orgs', 'create', 'new'], /--plan/],
    [2, ['orgs', 'create', 'New Org', '--plan', 'free'], /lowercase letters/],
    [2, ['orgs', 'create', 'platform', '--plan', 'free'], /reserved/],
    [2, ['orgs', 'create', 'new', '--plan', 'free', '--name', ' '], /1 to 100 characters/],
    [2, ['orgs', 'create', 'new', 'more', '--plan', 'free'], /too many arguments/],
    [1, ['orgs', 'show', 'nobody'], /Organisation `nobody` does not exist/],
    [1, ['orgs', 'set-plan', 'nobody', 'free'], /Organisation `nobody` does not exist/],
    [1, ['orgs', 'set-plan', 'dev', 'gold'], /Plan `gold` does not exist/],
    [1, ['orgs', 'set-plan', 'dev', 'scale'], /already has the plan `scale`/],
    [1, ['orgs', 'resume', 'dev'], /`dev` is not suspended/],
    [1, ['orgs', 'suspend', 'nobody', '--yes'], /Organisation `nobody` does not exist/],
    [1, ['orgs', 'delete', 'nobody', '--yes'], /Organisation `nobody` does not exist/],
    [2, ['orgs', 'delete', 'dev'], /All data of `dev` will be deleted\. Add --yes/],
    [1, ['orgs', 'delete', 'busy-now', '--yes'], /^Live sessions of `busy-now`: 1\. Suspend it/],
    [
      1,
      ['orgs', 'set-plan', 'deleting', 'free'],
      /`deleting` is being deleted\. `greenroom orgs delete deleting --yes`/,
    ],
    [2, ['orgs', 'set-limits', 'dev'], /at least one limit/],
    [2, ['orgs', 'set-limits', 'dev', '--concurrent-sessions=-1'], /integer from 0/],
    [2, ['orgs', 'set-limits', 'dev', '--concurrent-sessions', '1.5'], /integer from 0/],
    [2, ['orgs', 'set-limits', 'dev', '--concurrent-sessions', '9'.repeat(30)], /integer from 0/],
    [2, ['orgs', 'set-limits', 'dev', '--max-session-seconds', '3601'], /integer from 1 to 3600/],
    [2, ['orgs', 'set-limits', 'dev', '--requests', '3'], /unknown option '--requests'/],
    [2, ['orgs', 'creat', 'new'], /unknown command 'creat' \(Did you mean create\?\)/],
    [2, ['organisations'], /unknown command/],
    [1, ['orgs', 'show', `sk_live_${'x'.repeat(43)}`], /^Organisation `sk_live_…` does not exist/],
  ])('%i for %j', async (status, args, message) => {
    const before = await stored();
    const outcome = await run(...args);
    expect(outcome.output).toMatch(message);
    expect(outcome.output.trimEnd()).not.toContain('\n');
    expect(outcome.status).toBe(status);
    expect(await stored()).toEqual(before);
  });

  test('an unreachable database', async () => {
    const settings = { DATABASE_URL: 'postgres://someone:secret-word@127.0.0.1:1/greenroom' };
    const { status, output } = await outcomeOf('cli/greenroom.ts', ['orgs', 'list'], settings);
    expect(status).toBe(1);
    expect(output).toMatch(/^The command failed: .*\n$/);
    expect(output).not.toContain('secret-word');
  });
});

test('every command has help with an example', async () => {
  const names = ['create', 'list', 'show', 'set-plan', 'set-limits', 'suspend', 'resume', 'delete'];
  const helps = await Promise.all(names.map((name) => run('orgs', name, '--help')));
  for (const { status, output } of helps) {
    expect(status).toBe(0);
    expect(output).toContain('--json');
    expect(output).toContain('Example:\n  greenroom orgs');
  }
});
