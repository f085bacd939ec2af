import { freePort, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { outcomeOf } from '../harness/programs.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(120_000);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const keys = (...args: string[]) => greenroom(server, 'keys', ...args);
const json = (...args: string[]) => greenroomJson(server, 'keys', ...args);

test('a key that an operator creates works until the operator revokes it', async () => {
  const created = await keys(
    ...['create', '--org', 'dev', '--mode', 'live', '--scope', 'sessions:read', '--scope', 'usage:read'],
  );
  expect(created.status).toBe(0);
  const [, id = '', secret = ''] =
    /^id +(key_\w{26})\nsecret +(sk_live_\S{43})\n$/.exec(created.output) ?? [];
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(200);
  expect((await server.request('/v1/usage', { key: secret })).status).toBe(200);
  expect((await server.request('/v1/api_keys', { key: secret })).status).toBe(403);

  expect((await keys('revoke', id)).status).toBe(2);
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(200);
  expect(await json('revoke', id, '--yes')).toEqual({ id, status: 'revoked' });
  await until(async () => (await server.request('/v1/sessions', { key: secret })).status === 401);
});

test('a worker key is created and revoked in the same way', async () => {
  const created = await keys('create', '--worker', '--name', 'rack 7');
  const [, id = '', secret = ''] = /^id +(wkk_\w{26})\nsecret +(wk_\S{43})\n$/.exec(created.output) ?? [];
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(403);
  expect((await keys('revoke', id, '--yes')).status).toBe(0);
  await until(async () => (await server.request('/v1/sessions', { key: secret })).status === 401);
});

test('a rotated key and the new one work together until the overlap ends', async () => {
  await server.createOrg({ id: 'rotating' });
  const options = ['--org', 'rotating', '--mode', 'test', '--scope', 'sessions:read', 'usage:read'];
  const created = (await json('create', ...options, '--name', 'backend')) as { id: string; secret: string };
  const statusOf = async ({ secret }: { secret: string }) =>
    (await server.request('/v1/sessions', { key: secret })).status;
  expect(await statusOf(created)).toBe(200);

  const rotated = (await json('rotate', created.id, '--overlap', '24h')) as {
    id: string;
    secret: string;
    old: { expires_at: string };
  };
  expect(rotated.secret).toMatch(/^sk_test_/);
  expect([await statusOf(created), await statusOf(rotated)]).toEqual([200, 200]);
  const listed = (await json('list', '--org', 'rotating', '--mode', 'test', '--limit', '2')) as object[];
  const shared = { name: 'backend', scopes: ['sessions:read', 'usage:read'], mode: 'test' };
  expect(listed).toMatchObject([
    { ...shared, id: rotated.id, expires_at: null },
    { ...shared, id: created.id, expires_at: rotated.old.expires_at },
  ]);
  expect(await keys('rotate', created.id, '--overlap', '24h')).toEqual({
    status: 1,
    output: `Key \`${created.id}\` already expires at ${rotated.old.expires_at}. Add \`--expires <time>\` or \`--expires never\` for the new key.\n`,
  });

  // The process has the key in its cache, with its former expiry.
  const shifted = new Date(Date.now() - 1000);
  await server.database.prisma.apiKey.updateMany({ where: { id: created.id }, data: { expiresAt: shifted } });
  await server.database.pool.query(`SELECT pg_notify('greenroom_keys', $1)`, [created.id]);
  await until(async () => (await statusOf(created)) === 401);
  expect(await statusOf(rotated)).toBe(200);
  expect((await keys('rotate', created.id, '--overlap', '1h')).output).toContain('has expired');
});

test('of two operators who rotate a key at once, one succeeds', async () => {
  const { id } = await server.createKey({ mode: 'live' });
  const outcomes = await Promise.all([1, 2].map(() => keys('rotate', id, '--overlap', '24h')));
  expect(outcomes.map(({ status }) => status).sort()).toEqual([0, 1]);
});

test('worker keys are listed', async () => {
  const created = await json('create', '--worker', '--name', 'rack 8');
  const [newest] = (await json('list', '--worker')) as object[];
  expect(newest).toMatchObject({ id: (created as { id: string }).id, name: 'rack 8' });
});

test.each(['create', 'list', 'revoke', 'rotate'])('%s has help with an example', async (name) => {
  const { status, output } = await keys(name, '--help');
  expect(status).toBe(0);
  expect(output).toContain('greenroom keys');
});

const CREATE = ['create', '--org', 'dev', '--mode', 'test', '--scope', 'sessions:read'];
const MISSING = 'key_01KKGP79VG6A09Y83A35BZFNZE';

describe('an error is one line, without a stack, and nothing has changed', () => {
  test.concurrent.each([
    [2, ['create', '--force'], /--force/],
    [1, [...CREATE, '--org', 'nobody'], /Organisation `nobody` does not exist/],
    [2, ['create'], /Required: --org, --mode and --scope, or --worker/],
    [2, ['create', '--worker', '--mode', 'live'], /only --name/],
    [2, [...CREATE, '--mode', 'both'], /live, test/],
    [2, [...CREATE, '--scope', 'all'], /sessions:read/],
    [2, [...CREATE, '--name', 'x'.repeat(101)], /1 to 100 characters/],
    [2, [...CREATE, '--expires', 'tomorrow'], /such as `2026-11-01T00:00:00Z`/],
    [2, [...CREATE, '--expires', '2020-01-01T00:00:00Z'], /in the future/],
    [2, ['list'], /--org or --worker/],
    [1, ['list', '--org', 'nobody'], /Organisation `nobody` does not exist/],
    [1, ['revoke', MISSING, '--yes'], /Key `key_01KKGP79VG6A09Y83A35BZFNZE` does not exist/],
    [1, ['rotate', MISSING, '--overlap', '24h'], /does not exist/],
    [1, ['rotate', MISSING.replace('key', 'wkk'), '--overlap', '24h'], /Create a new key, then revoke/],
    [2, ['rotate', MISSING], /--overlap/],
    [2, ['rotate', MISSING, '--overlap', '0h'], /30m, 24h or 7d/],
    [2, ['rotate', MISSING, '--overlap', '91d'], /up to 90d/],
  ])('%i for %j', async (code, args, message) => {
    const stored = () => server.database.prisma.apiKey.findMany({ where: { orgId: 'dev', mode: 'test' } });
    const before = await stored();
    const { status, output } = await keys(...args);
    expect(output).toMatch(message);
    expect(output.trimEnd()).not.toContain('\n');
    expect(status).toBe(code);
    expect(await stored()).toHaveLength(before.length);
  });

  test('an unreachable database', async () => {
    const url = 'postgres://someone:secret-word@127.0.0.1:1/greenroom';
    const { status, output } = await outcomeOf('cli/greenroom.ts', ['keys', 'create', '--worker'], {
      DATABASE_URL: url,
    });
    expect(status).toBe(1);
    expect(output).not.toContain('secret-word');
    expect(output).not.toMatch(/\n\s+at /);
  });

  test.each([
    [
      'a wrong password',
      (url: URL) => (url.password = 'secret-word'),
      /^The command failed: password authentication failed for user "\w+"\n$/,
    ],
    [
      'a database that does not exist',
      (url: URL) => (url.pathname = '/nowhere'),
      /^The command failed: database "nowhere" does not exist\n$/,
    ],
    [
      'a server without TLS',
      (url: URL) => {
        url.searchParams.set('sslmode', 'verify-full');
      },
      /^The command failed: The server does not support SSL connections\n$/,
    ],
  ])('%s', async (_name, change, line) => {
    const url = new URL(server.databaseUrl);
    change(url);
    const settings = { DATABASE_URL: url.href };
    const command = await outcomeOf('cli/greenroom.ts', ['keys', 'create', '--worker'], settings);
    expect(command).toEqual({ status: 1, output: expect.stringMatching(line) });
    // The same message as that of the API.
    const start = await outcomeOf('main.ts', [], { ...settings, PORT: String(await freePort()) });
    expect(start.output).toBe(command.output.replace('The command failed', 'Greenroom cannot start'));
  });

  test('an invalid environment', async () => {
    const { status, output } = await outcomeOf('cli/greenroom.ts', ['keys', 'create', '--worker'], {
      PORT: 'many',
    });
    expect(status).toBe(1);
    expect(output).toContain('PORT');
    expect(output).not.toMatch(/\n\s+at /);
  });
});
