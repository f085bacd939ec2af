import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { processesNaming } from '../harness/processes.ts';
import { outcomeOf, runProgram, type Program } from '../harness/programs.ts';

jest.setTimeout(60_000);

let dataDir: string;
let port: number;
const running: Program[] = [];
/** The data of the first start, for the other tests. */
let stored: { keys: Record<string, string>; workerKey: string; id: string };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-start-'));
});
afterAll(async () => {
  for (const program of [...running]) await stop(program);
  await rm(dataDir, { recursive: true, force: true });
});

const environment = () => ({ GREENROOM_DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1' });

/** Starts with the data directory of this file. Resolves when it serves. */
async function start(): Promise<Program> {
  port = await freePort();
  const program = runProgram('main.ts', [], environment());
  running.push(program);
  await program.printed(/^ +curl .*\n/m);
  return program;
}

async function stop(program: Program, signal: NodeJS.Signals = 'SIGTERM') {
  program.process.kill(signal);
  running.splice(running.indexOf(program), 1);
  return program.exited;
}

const devKeys = async () =>
  JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as Record<string, string>;

async function createSession(): Promise<string> {
  const { api_url: url, test_key: key } = await devKeys();
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(await sessionCreate()),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

async function statusOf(id: string): Promise<number> {
  const { api_url: url, test_key: key } = await devKeys();
  return (await fetch(`${url}/v1/sessions/${id}`, { headers: { Authorization: `Bearer ${key}` } })).status;
}

test('the first start prints a working example, writes the keys to a file, and stops completely', async () => {
  const program = await start();
  // Sends the request of the printed curl command, which not every machine has.
  const [, url = '', authorization = ''] = await program.printed(/curl (\S+) -H 'Authorization: ([^']+)'/);
  const response = await fetch(url, { headers: { Authorization: authorization } });
  expect(await response.json()).toEqual({ object: 'list', data: [], has_more: false, next_cursor: null });

  expect(program.output()).toMatch(/"msg":"Applying \d+_init, /);

  const keys = await devKeys();
  expect(keys).toEqual({
    api_url: `http://127.0.0.1:${port}`,
    docs_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
    test_key: expect.stringMatching(/^sk_test_/),
    live_key: expect.stringMatching(/^sk_live_/),
  });
  const workerKey = await readFile(join(dataDir, 'worker.key'), 'utf8');
  expect(workerKey).toMatch(/^wk_\S{43}\n$/);
  for (const file of ['dev.json', 'worker.key']) {
    expect(((await stat(join(dataDir, file))).mode & 0o777).toString(8)).toBe('600');
  }
  expect((await stat(dataDir)).mode & 0o077).toBe(0);

  stored = { keys, workerKey, id: await createSession() };
  expect((await processesNaming(dataDir)).length).toBeGreaterThan(0);
  expect(await stop(program)).toBe(0);
  expect(await processesNaming(dataDir)).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test('a second start keeps the data and the keys', async () => {
  await start();
  const { test_key, live_key } = await devKeys();
  expect([test_key, live_key]).toEqual([stored.keys['test_key'], stored.keys['live_key']]);
  expect(await readFile(join(dataDir, 'worker.key'), 'utf8')).toBe(stored.workerKey);
  expect(await statusOf(stored.id)).toBe(200);
});

test('a port that another Greenroom uses is rejected before anything is created, and the other keeps serving', async () => {
  const { status, output } = await outcomeOf('main.ts', [], {
    ...environment(),
    GREENROOM_DATA_DIR: join(dataDir, 'unmade'),
  });
  expect(status).toBe(1);
  expect(output).toBe(
    `Greenroom cannot start: Port ${port} is in use by another Greenroom. Stop it, or set PORT=${port + 1}.\n`,
  );
  expect(await readdir(dataDir)).not.toContain('unmade');
  expect(await statusOf(stored.id)).toBe(200);
});

test('a port that another program uses is rejected by number', async () => {
  const other = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port: taken } = other.address() as AddressInfo;
  const { status, output } = await outcomeOf('main.ts', [], { ...environment(), PORT: String(taken) });
  other.close();
  expect(status).toBe(1);
  expect(output).toContain(`Port ${taken} is in use by another program. Stop it, or set PORT=`);
});

test('a second process on the same data directory serves the same data, and the first outlives it', async () => {
  const second = runProgram('main.ts', [], { ...environment(), PORT: String(await freePort()) });
  running.push(second);
  const [, url] = await second.printed(/curl (\S+)/);
  const headers = { Authorization: `Bearer ${stored.keys['test_key']}` };
  const { data } = (await (await fetch(url ?? '', { headers })).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain(stored.id);
  expect((await devKeys())['api_url']).toBe(`http://127.0.0.1:${port}`);
  expect(await stop(second)).toBe(0);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
});

test('a server keeps serving after the reader of its output has exited', async () => {
  const own = await freePort();
  const unread = runProgram('main.ts', [], { ...environment(), PORT: String(own) });
  running.push(unread);
  unread.process.stdout?.destroy();
  const isReady = () => fetch(`http://127.0.0.1:${own}/readyz`).then(({ ok }) => ok);
  await until(() => isReady().catch(() => false));
  // The log line of this request is not read either.
  expect(await isReady()).toBe(true);
  expect(await stop(unread)).toBe(0);
  expect(unread.output()).toBe('');
});

test('a start after a kill keeps the stored data, and stops completely', async () => {
  const [first] = running;
  if (first === undefined) throw new Error('nothing runs');
  await stop(first, 'SIGKILL');
  const next = await start();
  expect((await devKeys())['api_url']).toBe(`http://127.0.0.1:${port}`);
  expect(await statusOf(stored.id)).toBe(200);
  expect(await stop(next, 'SIGINT')).toBe(0);
  expect(await processesNaming(dataDir)).toEqual([]);
});

test('other users’ permissions are removed from secrets, and the start warns of each', async () => {
  const files = ['dev.json', 'worker.key', 'token.key'].map((name) => join(dataDir, name));
  for (const file of files) await chmod(file, 0o640);
  const program = await start();
  for (const file of files) {
    expect(program.output()).toContain(`Other users could read ${file}. Now only this user can.`);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
  }
  expect(await stop(program)).toBe(0);
});

test.each([
  ['a file', () => join(dataDir, 'token.key')],
  ['in a file', () => join(dataDir, 'token.key', 'data')],
  ['in a place that this user cannot write to', () => '/sys/greenroom'],
])('a data directory that is %s is rejected with a reason', async (_name, place) => {
  const { status, output } = await outcomeOf('main.ts', [], {
    ...environment(),
    GREENROOM_DATA_DIR: place(),
  });
  expect(status).toBe(1);
  expect(output).toBe(
    'Greenroom cannot start; the environment is not valid:\n' +
      `GREENROOM_DATA_DIR=${place()} is not a folder that this user can write to.\n`,
  );
});

test('an invalid environment is reported by variable, without values', async () => {
  const { status, output } = await outcomeOf('main.ts', [], {
    ...environment(),
    PORT: 'forty',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    GREENROOM_TOKEN_KEY: 'c2hvcnQ=',
  });
  expect(status).toBe(1);
  for (const name of ['PORT', 'DATABASE_URL', 'GREENROOM_TOKEN_KEY']) expect(output).toContain(`${name}: `);
  for (const value of ['hunter2', 'forty', 'c2hvcnQ=']) expect(output).not.toContain(value);
  expect(output).not.toMatch(/\n\s+at /);
});
