import { readFile } from 'node:fs/promises';

import { query } from '@greenroom/database/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { brokenInvariants } from '../harness/invariants.ts';
import { postSession } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const run = (...args: string[]) => greenroom(server, ...args);
const json = (...args: string[]) => greenroomJson(server, ...args);

test('granted credits let an organisation create a session', async () => {
  const { live: key } = await server.createOrg({ id: 'acme', credits: 0 });
  const create = () => postSession(server, { max_duration_seconds: 60 }, { key });
  expect(await errorOf(await create())).toMatchObject({ code: 'insufficient_credit_balance' });

  const granted = await json('credits', 'grant', 'acme', '500.5', '--reason', 'Invoice 17');
  expect(granted).toMatchObject({ kind: 'grant', credits: 500.5, reason: 'Invoice 17', balance: 500.5 });
  expect((await create()).status).toBe(201);
  const more = await json('credits', 'grant', 'acme', '0.1');
  expect(more).toMatchObject({ balance: 500.6 });

  const { id: last } = more as { id: string };
  const reasons = ['Granted by an operator', 'Invoice 17'];
  const history = (await json('credits', 'history', 'acme')) as { reason: string }[];
  expect(history.map(({ reason }) => reason)).toEqual(reasons);
  expect(await json('credits', 'history', 'acme', '--limit', '1')).toMatchObject([{ id: last }]);
  expect(await json('credits', 'history', 'acme', '--before', last)).toMatchObject([
    { reason: 'Invoice 17' },
  ]);
  expect(await json('credits', 'history', 'acme', '--mode', 'test')).toEqual([]);
  expect(await brokenInvariants(server.databaseUrl, new Set())).toEqual([]);
});

test('the commands of the deploy guide set up a customer', async () => {
  const guide = await readFile(new URL('../../../docs/guides/deploy.md', import.meta.url), 'utf8');
  const commands = [...guide.matchAll(/^greenroom (.*)$/gm)].map(([, args = '']) =>
    [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
  );
  expect(commands.map(([group, name]) => `${group} ${name}`)).toEqual([
    'orgs create',
    'credits grant',
    'keys create',
  ]);
  let output = '';
  for (const [group = '', name = '', org = '', ...args] of commands) {
    // Uses another organisation than the test above.
    const renamed = [org, ...args].map((arg) => (arg === 'acme' ? 'guided' : arg));
    const outcome = await run(group, name, ...renamed);
    expect(outcome).toMatchObject({ status: 0 });
    ({ output } = outcome);
  }
  const key = /^secret +(sk_live_\S+)$/m.exec(output)?.[1];
  expect((await postSession(server, {}, { key: key ?? '' })).status).toBe(201);
});

test('concurrent grants add up', async () => {
  await server.createOrg({ id: 'rich', credits: 10 });
  const outcomes = await Promise.all([1, 2, 3].map(() => run('credits', 'grant', 'rich', '1.1')));
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(await json('orgs', 'show', 'rich')).toMatchObject({ live: { credits_balance: 13.3 } });
  expect(await json('credits', 'history', 'rich')).toHaveLength(4);
});

describe('an error is one line, and nothing has changed', () => {
  test.concurrent.each([
    [1, ['grant', 'nobody', '5'], /Organisation `nobody` does not exist/],
    [1, ['history', 'nobody'], /Organisation `nobody` does not exist/],
    [2, ['grant', 'dev'], /missing required argument 'credits'/],
    [2, ['grant', 'dev', '0'], /from 0\.1 to 1000000000/],
    [2, ['grant', 'dev', '-5'], /from 0\.1 to/],
    [2, ['grant', 'dev', '1.25'], /one digit after the decimal point/],
    [2, ['grant', 'dev', '1e3'], /from 0\.1 to/],
    [2, ['grant', 'dev', '1000000000.1'], /from 0\.1 to/],
    [2, ['grant', 'dev', '9'.repeat(400)], /from 0\.1 to/],
    [2, ['grant', 'dev', '5', '--mode', 'both'], /Allowed choices are live, test/],
    [2, ['grant', 'dev', '5', '--reason', ''], /1 to 100 characters/],
    [2, ['grant', 'dev', '5', '--reference', 'plan:2026-11:scale'], /reserved for the monthly grants/],
    [2, ['grant', 'dev', '5', '--reference', ' '], /1 to 100 characters/],
    [2, ['history', 'dev', '--limit', '0'], /integer from 1 to 1000/],
  ])('%i for %j', async (status, args, message) => {
    const stored = () =>
      query(
        server.databaseUrl,
        `SELECT mode, credits_balance FROM accounts WHERE org_id = 'dev' ORDER BY mode`,
      );
    const before = await stored();
    const outcome = await run('credits', ...args);
    expect(outcome.output).toMatch(message);
    expect(outcome.output.trimEnd()).not.toContain('\n');
    expect(outcome.status).toBe(status);
    expect(await stored()).toEqual(before);
  });
});
