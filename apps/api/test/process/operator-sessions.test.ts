import { query } from '@greenroom/database/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import { outcomeOf } from '../harness/programs.ts';
import { createSession, getSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { claimed, performed, registerWorker } from '../harness/worker.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 600 } });
});
afterAll(() => server.close());

const run = (...args: string[]) => greenroom(server, ...args);
const json = (...args: string[]) => greenroomJson(server, ...args);
const MISSING = 'sess_01KKGP79VG6A09Y83A35BZFNZE';

test('an operator sees the sessions of an organisation and ends one', async () => {
  const keys = await server.createOrg({ id: 'acme' });
  const first = await createSession(server, {}, keys.live);
  const second = await createSession(server, {}, keys.live);
  const ofAcme = ['--org', 'acme'];
  expect(await json('sessions', 'list', ...ofAcme)).toMatchObject([
    { id: second.id, status: 'queued' },
    { id: first.id, status: 'queued' },
  ]);
  expect(await json('sessions', 'list', ...ofAcme, '--before', second.id)).toMatchObject([{ id: first.id }]);
  expect(await json('sessions', 'list', ...ofAcme, '--mode', 'test')).toEqual([]);
  expect(await json('sessions', 'show', first.id, ...ofAcme)).toEqual(
    await getSession(server, first.id, keys.live),
  );

  expect(await run('sessions', 'end', first.id, ...ofAcme)).toMatchObject({ status: 2 });
  expect((await getSession(server, first.id, keys.live)).status).toBe('queued');
  expect(await json('sessions', 'end', first.id, ...ofAcme, '--yes')).toMatchObject({ status: 'canceled' });
  expect((await getSession(server, first.id, keys.live)).status).toBe('canceled');
  expect(await run('sessions', 'end', first.id, ...ofAcme, '--yes')).toEqual({
    status: 1,
    output: `Session \`${first.id}\` is already \`canceled\`.\n`,
  });
  expect(await json('sessions', 'list', ...ofAcme, '--active')).toMatchObject([{ id: second.id }]);
  expect(await brokenInvariants(server.databaseUrl, new Set([first.id, second.id]))).toEqual([]);
});

test('workers are listed with the sessions that they hold', async () => {
  const worker = await registerWorker(server);
  expect(await json('workers', 'list')).toMatchObject([{ id: worker.id, sessions: 0 }]);
  await createSession(server);
  await claimed(worker);
  expect(await json('workers', 'list')).toMatchObject([
    { id: worker.id, sessions: 1, last_seen_at: expect.any(String) },
  ]);
  expect((await run('workers', 'list')).output).toMatch(/^id +name +runtime_type .*\nwkr_/);
});

test('an operator who ends a session gives its worker the default time regardless of the environment', async () => {
  const { id } = await createSession(server);
  await performed(server, id);
  const { status } = await outcomeOf(
    'cli/greenroom.ts',
    ['sessions', 'end', id, '--org', 'dev', '--mode', 'test', '--yes'],
    { DATABASE_URL: server.databaseUrl, GREENROOM_DRAIN_DEADLINE_SECONDS: '3000' },
  );
  expect(status).toBe(0);
  const [row] = await query<{ seconds: number }>(
    server.databaseUrl,
    `SELECT extract(epoch FROM deadline_at - now())::float8 AS seconds FROM assignments WHERE id = $1 AND status = 'ending'`,
    [id],
  );
  expect(row?.seconds).toBeLessThanOrEqual(30);
});

describe('an error is one line', () => {
  test.concurrent.each([
    [2, ['sessions', 'list'], /--org/],
    [1, ['sessions', 'list', '--org', 'nobody'], /Organisation `nobody` does not exist/],
    [1, ['sessions', 'show', MISSING, '--org', 'dev'], /`dev` has no session `sess_\w+` in live mode/],
    [
      1,
      ['sessions', 'end', MISSING, '--org', 'dev', '--yes'],
      /`dev` has no session `sess_\w+` in live mode/,
    ],
    [1, ['sessions', 'end', MISSING, '--org', 'nobody', '--yes'], /Organisation `nobody` does not exist/],
    [2, ['sessions', 'list', '--org', 'dev', '--limit', '1e9'], /integer from 1 to 1000/],
    [2, ['sessions', 'end', MISSING, '--org', 'dev', '--drain-seconds', '0'], /integer from 1 to 3600/],
    [2, ['workers'], /Usage: greenroom workers/],
  ])('%i for %j', async (status, args, message) => {
    const outcome = await run(...args);
    expect(outcome.output).toMatch(message);
    expect(outcome.output).not.toMatch(/\n\s+at /);
    expect(outcome.status).toBe(status);
  });
});

test.each([
  ['sessions', 'list'],
  ['sessions', 'show'],
  ['sessions', 'end'],
  ['workers', 'list'],
])('%s %s has help with an example', async (group, name) => {
  const { status, output } = await run(group, name, '--help');
  expect(status).toBe(0);
  expect(output).toContain(`Example:\n  greenroom ${group} ${name}`);
});
