import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { makeDataDir, open, postmasterPid, removeDataDir } from '../../test/data-dir.ts';
import { killProcess, openInAnotherProcess, startOpener } from '../../test/opener.ts';
import { query } from '../testing/query.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = makeDataDir();
});
afterEach(() => removeDataDir(dataDir));

describe('several processes that share a directory', () => {
  test('share one server, which the last one stops', async () => {
    const first = await openInAnotherProcess(dataDir);
    const second = await open(dataDir);
    expect(second.url).toBe(first.url);
    await first.stop();
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(postmasterPid(dataDir)).toBeUndefined();
  });

  test('leave the server running for the others', async () => {
    const first = await openInAnotherProcess(dataDir);
    await (await open(dataDir)).stop();
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await first.stop();
    expect(postmasterPid(dataDir)).toBeUndefined();
  });
});

describe('after kill -9', () => {
  test('of the process that opened it, the next process joins the running server and stops it', async () => {
    const killed = await openInAnotherProcess(dataDir);
    const pid = postmasterPid(dataDir);
    await killed.kill();

    const next = await open(dataDir);
    expect(next.url).toBe(killed.url);
    expect(postmasterPid(dataDir)).toBe(pid);
    await next.stop();
    expect(postmasterPid(dataDir)).toBeUndefined();
  });

  test('of the server, committed data is kept', async () => {
    const first = await open(dataDir);
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
    process.kill(postmasterPid(dataDir) ?? 0, 'SIGKILL');
    await first.stop();

    const next = await open(dataDir);
    expect(await query(next.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
    await next.stop();
  });

  test('during the first start, the next start starts over and removes the remains', async () => {
    const starting = startOpener(dataDir);
    await until(() => readdirSync(dataDir).some((name) => name.startsWith('postgres.init-')));
    await killProcess(starting);
    expect(readdirSync(dataDir)).not.toContain('postgres');

    const next = await open(dataDir);
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
    await (await open(dataDir)).stop();
    expect(readdirSync(dataDir)).toEqual(['postgres']);
  });
});

test('a process that stops kills a server that no longer responds, and committed data is kept', async () => {
  const first = await open(dataDir);
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
  const children = await query<{ pid: number }>(first.url, 'SELECT pid FROM pg_stat_activity');
  const postmaster = postmasterPid(dataDir) ?? 0;
  const pids = [postmaster, ...children.map(({ pid }) => pid)];
  const send = (signal: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // The process of the query above has exited, and later so has the server.
      }
    }
  };
  send('SIGSTOP');
  try {
    await first.stop();
    expect(postmasterPid(dataDir)).toBeUndefined();
  } finally {
    send('SIGCONT');
  }
  const next = await open(dataDir);
  expect(await query(next.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  await next.stop();
}, 60_000);

test('a stale pid file does not prevent a start, even when its id belongs to another process', async () => {
  const first = await open(dataDir);
  const path = join(dataDir, 'postgres', 'postmaster.pid');
  const content = readFileSync(path, 'utf8');
  await first.stop();
  writeFileSync(path, content.replace(/^\d+/, String(process.pid)));

  const next = await open(dataDir);
  expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(postmasterPid(dataDir)).not.toBe(process.pid);
  await next.stop();
});

test('a stale pid file does not lead to the server of another directory on the same port', async () => {
  const otherDir = makeDataDir();
  const other = await open(otherDir);
  const first = await open(dataDir);
  const path = join(dataDir, 'postgres', 'postmaster.pid');
  const content = readFileSync(path, 'utf8');
  await first.stop();
  writeFileSync(
    path,
    content.replace(/^\d+/, '999999999').replace(/^\d+$(?=\n\n?127)/m, new URL(other.url).port),
  );

  const next = await open(dataDir);
  expect(next.url).not.toBe(other.url);
  await Promise.all([next.stop(), other.stop()]);
  await removeDataDir(otherDir);
});
