import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, type TestDatabase } from '@greenroom/database/testing';
import { freePort } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { runGreenroom } from '../../src/cli/run-greenroom.ts';
import { outcomeOf, runProgram } from '../harness/programs.ts';
import { selfSigned } from '../harness/self-signed.ts';
import { startTlsPostgres, type TlsPostgres } from '../harness/tls-postgres.ts';

jest.setTimeout(120_000);

let database: TestDatabase;
let postgres: TlsPostgres;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'greenroom-tls-'));
  const certificate = selfSigned('localhost');
  await writeFile(join(directory, 'server.pem'), certificate.cert);
  await writeFile(join(directory, 'other.pem'), selfSigned('localhost').cert);
  postgres = await startTlsPostgres(database.url, certificate);
});
afterAll(async () => {
  postgres.close();
  await database.drop();
  await rm(directory, { recursive: true });
});

async function environmentWith(sslmode: string, authority: string | null): Promise<Record<string, string>> {
  const url = new URL(postgres.url);
  url.searchParams.set('sslmode', sslmode);
  if (authority !== null) url.searchParams.set('sslrootcert', join(directory, authority));
  return {
    DATABASE_URL: url.href,
    GREENROOM_DATA_DIR: directory,
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
  };
}

test('a server uses only encrypted connections to a PostgreSQL whose certificate it verifies', async () => {
  const environment = await environmentWith('verify-full', 'server.pem');
  const program = runProgram('main.ts', [], environment);
  try {
    await program.printed(/^ +curl .*\n/m);
    expect((await fetch(`http://127.0.0.1:${environment['PORT'] ?? ''}/readyz`)).status).toBe(200);
    expect(postgres.encrypted).toBeGreaterThan(1);
    expect(postgres.plain).toBe(0);
  } finally {
    program.process.kill();
    await program.exited;
  }
});

test.each([
  ['the system does not trust', 'require', null],
  ['another authority signed', 'verify-full', 'other.pem'],
])('a certificate that %s ends the start with one line', async (_name, sslmode, authority) => {
  const environment = await environmentWith(sslmode, authority);
  const { status, output } = await outcomeOf('main.ts', [], environment);
  expect(status).toBe(1);
  expect(output).toMatch(/certificate/);
  expect(output.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['no-verify', null],
  ['require', 'server.pem'],
  ['verify-ca&channel_binding=require', 'server.pem'],
])(
  'a command connects with sslmode=%s, and prints no warning of the driver',
  async (parameters, authority) => {
    const { DATABASE_URL = '' } = await environmentWith('', authority);
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const encrypted = postgres.encrypted;
    const errors: string[] = [];
    const status = await runGreenroom(['orgs', 'list'], {
      env: { DATABASE_URL: DATABASE_URL.replace('sslmode=', `sslmode=${parameters}`) },
      print: () => undefined,
      printError: (line) => errors.push(line),
    });
    const warnings = warn.mock.calls;
    warn.mockRestore();
    expect({ status, errors, warnings }).toEqual({ status: 0, errors: [], warnings: [] });
    expect(postgres.encrypted).toBeGreaterThan(encrypted);
  },
);
