import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createGreenroom, type Greenroom } from '@greenroom/client';
import { createTestDatabase, type TestDatabase } from '@greenroom/database/testing';
import { freePort, sessionCreate, until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import type { DevKeys } from '../../src/startup/dev-org.ts';
import { membersOf, processesNaming } from '../harness/processes.ts';
import { outcomeOf, runProgram, type Program } from '../harness/programs.ts';

const TIMEOUT_MS = 60_000;

jest.setTimeout(3 * TIMEOUT_MS);

let dataDir: string;
let port: number;
const running: Program[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-processes-'));
  port = await freePort();
});
afterEach(async () => {
  for (const { process, exited } of running.splice(0)) {
    process.kill('SIGKILL');
    await exited;
  }
  await rm(dataDir, { recursive: true, force: true });
});

function launch(processes: number, env: Record<string, string> = {}): Program {
  const program = runProgram('main.ts', ['--processes', String(processes)], {
    GREENROOM_DATA_DIR: dataDir,
    PORT: String(port),
    ...env,
  });
  running.push(program);
  return program;
}

async function start(processes: number, env: Record<string, string> = {}): Promise<Program> {
  const program = launch(processes, env);
  await program.printed(/^ +curl .*\n/m);
  return program;
}

/** Sends a request on a new connection. Resolves with the status. */
async function statusOnNewConnection(path = '/healthz'): Promise<number | undefined> {
  const sent = request({ port, path, host: '127.0.0.1', agent: false }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

/** Returns the ids of the processes that have logged a request. */
function servingPids(program: Program): Set<number> {
  const lines = program.output().matchAll(/"pid":(\d+),.*"msg":"request"/g);
  return new Set([...lines].map(([, pid]) => Number(pid)));
}

/** Sends requests until two processes that are not among `previous` have served one. */
async function untilTwoServe(program: Program, previous: ReadonlySet<number>): Promise<number[]> {
  const others = () => [...servingPids(program)].filter((pid) => !previous.has(pid));
  await until(async () => {
    expect(await statusOnNewConnection()).toBe(200);
    return others().length >= 2;
  }, TIMEOUT_MS);
  return others();
}

/** Follows all events in the background. */
function follow(client: Greenroom) {
  const controller = new AbortController();
  const ids: string[] = [];
  const reading = async () => {
    const { signal } = controller;
    for await (const { id } of client.events.stream({
      lastEventId: 'evt_00000000000000000000000000',
      signal,
    })) {
      ids.push(id);
    }
  };
  reading().catch(() => undefined);
  return { ids, stop: () => controller.abort() };
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('on a database server', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  beforeEach(async () => {
    database = await createTestDatabase();
    env = { DATABASE_URL: database.url };
  });
  afterEach(() => database.drop());

  test('every process serves the same port, and all of them stop', async () => {
    const program = await start(2, env);
    const pids = await untilTwoServe(program, new Set());
    expect(pids).not.toContain(program.process.pid);
    program.process.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('SIGUSR2 replaces every process without a refused connection or a failed request', async () => {
    const program = await start(2, env);
    const previous = new Set(await untilTwoServe(program, new Set()));
    let done = false;
    const statuses: (number | undefined)[] = [];
    const callers = Array.from({ length: 4 }, async () => {
      while (!done) statuses.push(await statusOnNewConnection());
    });
    program.process.kill('SIGUSR2');
    await program.printed(/replaced the API processes/);
    await untilTwoServe(program, previous);
    done = true;
    await Promise.all(callers);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect([...previous].filter(isAlive)).toEqual([]);
  });

  test('a killed process is replaced while the others serve', async () => {
    const program = await start(2, env);
    const [killed = 0, other = 0] = await untilTwoServe(program, new Set());
    process.kill(killed, 'SIGKILL');
    await program.printed(/an API process died/);
    expect(await untilTwoServe(program, new Set([killed]))).toContain(other);
  });

  test('streams have each event once while processes are killed and replaced', async () => {
    const program = await start(2, env);
    const pids = await untilTwoServe(program, new Set());
    const { test_key: apiKey } = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as DevKeys;
    const options = { apiKey, baseUrl: `http://127.0.0.1:${port}`, maxRetries: 10 };
    const readers = Array.from({ length: 4 }, () => follow(createGreenroom(options)));
    const client = createGreenroom(options);
    const done = new AbortController();
    const { signal } = done;
    const working = (async () => {
      while (!signal.aborted) {
        // The killed process may have created it.
        const created = await client.sessions.create(await sessionCreate());
        await client.sessions.end(created.id).catch(() => undefined);
      }
    })();
    process.kill(pids[0] ?? 0, 'SIGKILL');
    const others = await untilTwoServe(program, new Set([pids[0] ?? 0]));
    program.process.kill('SIGUSR2');
    await program.printed(/replaced the API processes/);
    await untilTwoServe(program, new Set([...pids, ...others]));
    done.abort();
    await working;

    const expected: string[] = [];
    for await (const { id } of client.events.list({ limit: 100 })) expected.unshift(id);
    for (const { ids } of readers) {
      await until(() => ids.length >= expected.length, TIMEOUT_MS);
      // The stream is in the order of commits, and ids are older than their commits.
      expect(ids.toSorted()).toEqual(expected);
    }
    expect(new Set(readers.map(({ ids }) => ids.join())).size).toBe(1);
    for (const { stop } of readers) stop();
  });

  test('the processes exit when the primary process is killed', async () => {
    const program = await start(2, env);
    const pids = await untilTwoServe(program, new Set());
    program.process.kill('SIGKILL');
    await program.exited;
    await until(() => !pids.some(isAlive), TIMEOUT_MS);
  });

  test('SIGUSR2 during the start changes nothing, and the first request to stop ends every process', async () => {
    const folder = join(dataDir, 'made');
    const program = launch(2, { ...env, GREENROOM_DATA_DIR: folder });
    await until(() => existsSync(folder), TIMEOUT_MS);
    program.process.kill('SIGUSR2');
    let members: number[] = [];
    await until(async () => (members = await membersOf(program)).length === 2, TIMEOUT_MS);
    const [slow = 0, other = 0] = members;
    // A paused process does not serve, so the start cannot complete.
    process.kill(slow, 'SIGSTOP');
    program.process.kill('SIGINT');
    await until(() => !isAlive(other), TIMEOUT_MS);
    process.kill(slow, 'SIGCONT');
    expect(await program.exited).toBe(0);
    expect(program.output()).not.toContain('Greenroom listens');
  });

  test('a second request to stop does not wait for requests in progress', async () => {
    const program = await start(2, env);
    const pids = await untilTwoServe(program, new Set());
    const { test_key: key } = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as DevKeys;
    const unfinished = connect(port, '127.0.0.1');
    unfinished.on('error', () => undefined);
    unfinished.write(
      `POST /v1/sessions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{',
    );
    await once(unfinished, 'data');
    program.process.kill('SIGINT');
    await program.printed(/stopping/);
    program.process.kill('SIGINT');
    expect(await program.exited).toBe(1);
    await until(() => !pids.some(isAlive), TIMEOUT_MS);
  });

  test('a closing terminal stops all processes', async () => {
    const program = await start(2, env);
    const pids = await untilTwoServe(program, new Set());
    for (const pid of [...pids, program.process.pid ?? 0]) {
      process.kill(pid, 'SIGHUP');
    }
    expect(await program.exited).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

test('several processes share the embedded PostgreSQL, which stops with them', async () => {
  const program = await start(2);
  await untilTwoServe(program, new Set());
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
  expect(await processesNaming(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});

describe('a start that cannot succeed prints one line and changes nothing', () => {
  const INVALID = '--processes must be an integer from 1 to 64.';
  const OTHER = 'The only option is --processes N. All other settings are environment variables.';
  const TOO_MANY =
    'The embedded PostgreSQL has too few connections for 10 processes with 20 each. ' +
    'Set DATABASE_POOL_SIZE to 9 at most, or DATABASE_URL to a server with more.';

  test.each([
    ['--processes 0', INVALID],
    ['--processes two', INVALID],
    ['--processes 1.5', INVALID],
    ['--processes -1', OTHER],
    ['--processes 65', INVALID],
    ['-- --processes 1e1', INVALID],
    ['--processes', OTHER],
    ['--workers 2', OTHER],
    ['2', OTHER],
    ['--processes 10', TOO_MANY],
  ])('%s', async (args, message) => {
    const folder = join(dataDir, 'unmade');
    expect(
      await outcomeOf('main.ts', args.split(' '), {
        GREENROOM_DATA_DIR: folder,
        PORT: String(port),
      }),
    ).toEqual({ status: 1, output: `Greenroom cannot start: ${message}\n` });
    expect(existsSync(folder)).toBe(false);
  });
});
