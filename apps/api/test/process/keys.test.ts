import { freePort, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { outcomeOf } from '../harness/programs.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const keys = (...args: string[]) => outcomeOf('cli/keys.ts', args, { DATABASE_URL: server.databaseUrl });

test('a key that an operator creates works, and stops when the operator revokes it', async () => {
  const created = await keys(
    ...['create', '--org', 'dev', '--mode', 'live', '--scope', 'sessions:read', '--scope', 'usage:read'],
  );
  expect(created.status).toBe(0);
  const [, id = '', secret = ''] =
    /^id +(key_\w{26})\nsecret +(sk_live_\S{43})\n$/.exec(created.output) ?? [];
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(200);
  expect((await server.request('/v1/usage', { key: secret })).status).toBe(200);
  expect((await server.request('/v1/api_keys', { key: secret })).status).toBe(403);

  const revoked = await keys('revoke', id);
  expect(revoked).toEqual({ status: 0, output: `${id} is revoked\n` });
  await until(async () => (await server.request('/v1/sessions', { key: secret })).status === 401);
});

test('a worker key is created and revoked in the same way', async () => {
  const created = await keys('create', '--worker', '--name', 'rack 7');
  const [, id = '', secret = ''] = /^id +(wkk_\w{26})\nsecret +(wk_\S{43})\n$/.exec(created.output) ?? [];
  expect((await server.request('/v1/sessions', { key: secret })).status).toBe(403);
  expect((await keys('revoke', id)).status).toBe(0);
  await until(async () => (await server.request('/v1/sessions', { key: secret })).status === 401);
});

test('--help prints the usage', async () => {
  const { status, output } = await keys('--help');
  expect(status).toBe(0);
  expect(output).toContain('keys create --org');
});

describe('an error is one line, with status 1 and without a stack', () => {
  test.concurrent.each([
    ['what cannot be meant', ['create', '--force'], /--force/],
    [
      'an organisation that there is not',
      ['create', '--org', 'nobody', '--mode', 'test', '--scope', 'sessions:read'],
      /nobody/,
    ],
    [
      'a key that there is not',
      ['revoke', 'key_01KKGP79VG6A09Y83A35BZFNZE'],
      /key_01KKGP79VG6A09Y83A35BZFNZE/,
    ],
  ])('%s', async (_name, args, message) => {
    const before = await server.database.prisma.apiKey.count();
    const { status, output } = await keys(...args);
    expect(status).toBe(1);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/\n\s+at /);
    expect(await server.database.prisma.apiKey.count()).toBe(before);
  });

  test('an unreachable database', async () => {
    const url = 'postgres://someone:secret-word@127.0.0.1:1/greenroom';
    const { status, output } = await outcomeOf('cli/keys.ts', ['create', '--worker'], { DATABASE_URL: url });
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
    const command = await outcomeOf('cli/keys.ts', ['create', '--worker'], settings);
    expect(command).toEqual({ status: 1, output: expect.stringMatching(line) });
    // The API's message.
    const start = await outcomeOf('main.ts', [], { ...settings, PORT: String(await freePort()) });
    expect(start.output).toBe(command.output.replace('The command failed', 'Greenroom cannot start'));
  });

  test('an invalid environment', async () => {
    const { status, output } = await outcomeOf('cli/keys.ts', ['create', '--worker'], { PORT: 'many' });
    expect(status).toBe(1);
    expect(output).toContain('PORT');
    expect(output).not.toMatch(/\n\s+at /);
  });
});
