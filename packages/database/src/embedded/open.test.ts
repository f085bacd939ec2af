import { chmodSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { makeDataDir, open, postmasterPid, removeDataDir } from '../../test/data-dir.ts';
import { query } from '../testing/query.ts';
import { POSTGRES_MAJOR } from './binaries.ts';
import { openEmbeddedPostgres } from './open.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = makeDataDir();
});
afterEach(() => removeDataDir(dataDir));

test('a second start keeps the data and the address', async () => {
  const first = await open(dataDir);
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
  await first.stop();
  expect(postmasterPid(dataDir)).toBeUndefined();

  const second = await open(dataDir);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  await second.stop();
});

test('the cluster is UTF-8, sorts by bytes, listens only on 127.0.0.1 and requires a password', async () => {
  const server = await open(dataDir);
  const settings = await query(
    server.url,
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('listen_addresses', 'unix_socket_directories', 'max_connections', 'server_encoding') ORDER BY name`,
  );
  expect(settings).toEqual([
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'max_connections', setting: '200' },
    { name: 'server_encoding', setting: 'UTF8' },
    { name: 'unix_socket_directories', setting: '' },
  ]);
  expect(await query(server.url, `SELECT datcollate FROM pg_database WHERE datname = 'greenroom'`)).toEqual([
    { datcollate: 'C' },
  ]);
  const withoutPassword = server.url.replace(/:[^:@]+@/, ':guess@');
  await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(statSync(join(dataDir, 'postgres', 'greenroom-password')).mode & 0o777).toBe(0o600);
  await server.stop();
});

test('a killed server is restarted on the same port', async () => {
  const server = await open(dataDir);
  await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS value');
  process.kill(postmasterPid(dataDir) ?? 0, 'SIGKILL');
  await until(async () => {
    const rows = await query(server.url, 'SELECT value FROM kept').catch(() => []);
    return rows.length === 1;
  });
  await server.stop();
  expect(postmasterPid(dataDir)).toBeUndefined();
});

test('a failed restart of a killed server is logged and retried', async () => {
  const lines: string[] = [];
  const server = await openEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off' },
    log: (line) => lines.push(line),
  });
  const port = Number(new URL(server.url).port);
  process.kill(postmasterPid(dataDir) ?? 0, 'SIGKILL');
  const control = join(dataDir, 'postgres', 'global', 'pg_control');
  renameSync(control, `${control}.aside`);
  await until(() => lines.length === 1);
  await until(() => lines.length === 2);
  expect(lines[0]).toMatch(
    /^The embedded PostgreSQL died and could not be restarted. Retrying in 2 s: .+ could not start:/,
  );
  expect(lines[1]).toMatch(/^The embedded PostgreSQL died and could not be restarted. Retrying in 4 s: /);

  renameSync(`${control}.aside`, control);
  await until(() => lines.length === 3);
  expect(lines[2]).toBe(`The embedded PostgreSQL died and was restarted on port ${port}.`);
  await server.stop();
  expect(postmasterPid(dataDir)).toBeUndefined();
});

test('stopping during a restart leaves no server running', async () => {
  const server = await open(dataDir);
  const killed = postmasterPid(dataDir);
  process.kill(killed ?? 0, 'SIGKILL');
  await until(() => ![killed, undefined].includes(postmasterPid(dataDir)));
  await server.stop();
  expect(postmasterPid(dataDir)).toBeUndefined();
});

test('a cluster of another major version is rejected in one line and stays unchanged', async () => {
  await (await open(dataDir)).stop();
  const version = join(dataDir, 'postgres', 'PG_VERSION');
  expect(readFileSync(version, 'utf8').trim()).toBe(POSTGRES_MAJOR);
  writeFileSync(version, '17\n');
  const error = await open(dataDir).then(() => 'opened', String);
  expect(error).toContain('was created by PostgreSQL 17; this release has 18. Nothing was changed.');
  expect(error.split('\n')).toHaveLength(1);
  writeFileSync(version, '18\n');
  await (await open(dataDir)).stop();
});

test('a cluster that is writable by its group, as after a mount, is made private and starts', async () => {
  await (await open(dataDir)).stop();
  const cluster = join(dataDir, 'postgres');
  chmodSync(cluster, 0o2770);
  await (await open(dataDir)).stop();
  expect(statSync(cluster).mode & 0o777).toBe(0o700);
});

test('Ctrl-C in the terminal does not reach the server', async () => {
  const server = await open(dataDir);
  if (process.platform === 'linux') {
    const processGroup = (pid: number | 'self'): string | undefined =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2];
    expect(processGroup(postmasterPid(dataDir) ?? 'self')).not.toBe(processGroup('self'));
  }
  await server.stop();
});

test('two directories have two servers', async () => {
  const otherDir = makeDataDir();
  const [one, other] = await Promise.all([open(dataDir), open(otherDir)]);
  expect(one.url).not.toBe(other.url);
  await one.stop();
  expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await other.stop();
  await removeDataDir(otherDir);
});

test('two concurrent first starts create one cluster and leave nothing else', async () => {
  const servers = await Promise.all([open(dataDir), open(dataDir)]);
  expect(servers[0].url).toBe(servers[1].url);
  expect(readdirSync(dataDir)).toEqual(['postgres']);
  await Promise.all(servers.map((server) => server.stop()));
  expect(postmasterPid(dataDir)).toBeUndefined();
});

describe('a port that another program uses', () => {
  test('is replaced when it is only the previous port', async () => {
    const first = await open(dataDir);
    await first.stop();
    const taken = await listenOn(Number(new URL(first.url).port));
    const second = await open(dataDir);
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    await second.stop();
    taken.close();
  });

  test('is named in the error when it was requested', async () => {
    const taken = await listenOn(0);
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(open(dataDir, port)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: the port is in use`,
    );
    taken.close();
  });
});

async function listenOn(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
