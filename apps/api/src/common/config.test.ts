import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ConfigError } from '@greenroom/settings';
import { describe, expect, jest, test } from '@jest/globals';
import { parse } from 'pg-connection-string';

import { environment, readConfig } from './config.ts';

function configErrors(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split('\n');
  }
  return [];
}

test('an empty environment is valid', () => {
  expect(readConfig({})).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    metrics: null,
    databaseUrl: null,
    dataDir: '.greenroom',
    tokenKey: null,
    devOrg: true,
    sessions: { allowInsecureUrls: false },
    rateLimits: {
      requestsPerSecond: 100,
      createsPerSecond: 20,
      workerRequestsPerSecond: 1000,
      anonymousRequestsPerSecond: 1000,
    },
  });
});

test('a retention is a number of days, and at least that of records that depend on it', () => {
  expect(configErrors({ GREENROOM_SESSION_RETENTION_DAYS: '1' })).toEqual([
    'GREENROOM_SESSION_RETENTION_DAYS: must be an integer from 2 to 36500',
  ]);
  expect(configErrors({ GREENROOM_LEDGER_RETENTION_DAYS: '61.5' })).toEqual([
    'GREENROOM_LEDGER_RETENTION_DAYS: must be an integer from 62 to 36500',
  ]);
  const shorter = { GREENROOM_SESSION_RETENTION_DAYS: '90', GREENROOM_USAGE_RETENTION_DAYS: '89' };
  expect(configErrors(shorter)).toEqual([
    expect.stringContaining('must be at least GREENROOM_SESSION_RETENTION_DAYS'),
  ]);
});

test('an empty variable counts as unset', () => {
  const names = [...Object.keys(environment), 'NODE_ENV'];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
});

test('reads the variables that are set', () => {
  const config = readConfig({
    PORT: '4001',
    DATABASE_URL: 'postgresql://db/greenroom',
    GREENROOM_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64'),
    GREENROOM_DEV_ORG: 'false',
    GREENROOM_ALLOW_INSECURE_URLS: 'true',
    LOG_LEVEL: 'warn',
  });
  expect(config).toMatchObject({
    port: 4001,
    databaseUrl: 'postgresql://db/greenroom',
    tokenKey: Buffer.alloc(32, 1),
    devOrg: false,
    sessions: { allowInsecureUrls: true },
    logLevel: 'warn',
  });
});

describe('an invalid variable is reported with what it must be, and without its value', () => {
  test.each([
    ['PORT', 'forty'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '4e3'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x'],
    ['DATABASE_URL', 'hunter2'],
    ['DATABASE_POOL_SIZE', '-7'],
    ['GREENROOM_TOKEN_KEY', 'c2hvcnQ='],
    ['GREENROOM_DEV_ORG', 'perhaps'],
    ['GREENROOM_ALLOW_INSECURE_URLS', 'hunter2'],
    ['GREENROOM_JOIN_DEADLINE_SECONDS', '1.5'],
    ['GREENROOM_REQUESTS_PER_SECOND', 'unlimited'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const errors = configErrors({ [name]: value });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(new RegExp(`^${name}: must be `));
    expect(errors[0]).not.toContain(value);
  });
});

test.each([
  'postgresql://u:p@/greenroom?host=/run/postgresql',
  'postgresql:///greenroom?host=/run/postgresql',
  'postgresql://user:p%23ss%2Fword@db:5433/greenroom?sslmode=verify-full',
  'postgresql://user:p@/greenroom?host=/cloudsql/project:region:instance',
  'postgres://db',
])('DATABASE_URL accepts what the driver can open: %s', (url) => {
  expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
});

test.each(['p@ss', 'p%ZZ', 'p ss'])(
  'DATABASE_URL accepts the password %s, as the driver reads it',
  (password) => {
    const { databaseUrl } = readConfig({ DATABASE_URL: `postgresql://user:${password}@db/greenroom` });
    expect(parse(databaseUrl ?? '')).toMatchObject({ password, host: 'db' });
  },
);

const SOME_FILE = fileURLToPath(import.meta.url);
test.each([
  ['?sslmode=require', '?sslmode=verify-full'],
  [`?sslmode=prefer&sslrootcert=${SOME_FILE}`, `?sslmode=verify-full&sslrootcert=${SOME_FILE}`],
  ['?application_name=a&sslmode=verify-ca', '?application_name=a&sslmode=verify-full'],
  ['?sslmode=require&uselibpqcompat=true', '?sslmode=require&uselibpqcompat=true'],
  ['?sslmode=no-verify', '?sslmode=no-verify'],
  ['?sslmode=disable', '?sslmode=disable'],
])('DATABASE_URL with %s is opened with %s, and the driver does not warn', (given, opened) => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { databaseUrl } = readConfig({ DATABASE_URL: `postgresql://db/greenroom${given}` });
  const warnings = warn.mock.calls.length;
  warn.mockRestore();
  expect(databaseUrl).toBe(`postgresql://db/greenroom${opened}`);
  expect(warnings).toBe(0);
});

test.each([
  ['postgresql://u:hunter2#@db/greenroom', 'Encode special characters'],
  ['postgresql://u:hunter2@db:99999/greenroom', 'one port up to 65535'],
  ['postgresql://u:hunter2@h1:5432,h2:5432/greenroom', 'name one host'],
  ['postgresql://u:hunter2@h1,h2/greenroom', 'names several hosts'],
  ['postgresql://u:hunter2@db/greenroom?sslrootcert=/no/such.pem', 'that cannot be read'],
])('an invalid DATABASE_URL is reported by its part, never by its value: %s', (url, part) => {
  const [error] = configErrors({ DATABASE_URL: url });
  expect(error).toContain(part);
  expect(error).not.toContain('hunter2');
});

test('each invalid variable has a line', () => {
  const errors = configErrors({ PORT: 'x', LOG_LEVEL: 'x', GREENROOM_DEV_ORG: 'x' });
  expect(errors.map((error) => error.split(':')[0]).sort()).toEqual([
    'GREENROOM_DEV_ORG',
    'LOG_LEVEL',
    'PORT',
  ]);
});

test('ignores variables of other programs', () => {
  expect(configErrors({ PATH: '/bin', GREENROOM_UNKNOWN: 'x', DEBUG: '*' })).toEqual([]);
});

test('production has the organisation dev only on request', () => {
  expect(readConfig({ NODE_ENV: 'production' }).devOrg).toBe(false);
  expect(readConfig({ NODE_ENV: 'production', GREENROOM_DEV_ORG: 'true' }).devOrg).toBe(true);
});

test('every variable has a description', () => {
  for (const validator of Object.values(environment)) expect(JSON.stringify(validator)).toContain('"desc":"');
});

test('the port of the metrics is not the port of the API', () => {
  expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' });
  expect(configErrors({ METRICS_PORT: '4000' })).toEqual([
    'METRICS_PORT: must differ from PORT, because customers reach the address of the API',
  ]);
});

test('the secrets can be in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-config-'));
  const fileOf = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const env = {
    DATABASE_URL_FILE: fileOf('url', 'postgresql://db/greenroom\n'),
    GREENROOM_TOKEN_KEY_FILE: fileOf('key', `${Buffer.alloc(32, 1).toString('base64')}\n`),
  };
  expect(readConfig(env)).toMatchObject({
    databaseUrl: 'postgresql://db/greenroom',
    tokenKey: Buffer.alloc(32, 1),
  });
  expect(configErrors({ ...env, DATABASE_URL: 'postgresql://db/other' })).toEqual([
    'DATABASE_URL_FILE: must not be set together with DATABASE_URL. Unset one of them',
  ]);
  rmSync(folder, { recursive: true });
});
