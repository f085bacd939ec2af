import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, until } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import type { DevKeys } from '../../src/startup/dev-org.ts';
import { processesNaming } from '../harness/processes.ts';
import { runProgram } from '../harness/programs.ts';

const TIMEOUT_MS = 60_000;

jest.setTimeout(2 * TIMEOUT_MS);

let dataDir: string;
let port: number;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-stop-'));
  port = await freePort();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = () => runProgram('main.ts', [], { GREENROOM_DATA_DIR: dataDir, PORT: String(port) });

async function expectNothingLeft() {
  expect(await processesNaming(dataDir)).toEqual([]);
  const known = ['dev.json', 'postgres', 'token.key', 'worker.key'];
  expect(readdirSync(dataDir).filter((name) => !known.includes(name))).toEqual([]);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
}

describe('a first start that gets a request to stop', () => {
  const has = (...path: string[]) => existsSync(join(dataDir, ...path));
  const isMakingCluster = () => readdirSync(dataDir).some((name) => name.startsWith('postgres.init-'));

  /** Returns the output of a start that is stopped when a condition holds. */
  async function stopWhere(condition: () => boolean, signal: NodeJS.Signals): Promise<string> {
    const program = start();
    await until(condition, TIMEOUT_MS);
    program.process.kill(signal);
    const status = await program.exited;
    expect({ status, output: program.output() }).toEqual({
      status: 0,
      output: expect.not.stringContaining('cannot start'),
    });
    await expectNothingLeft();
    return program.output();
  }

  async function expectToStartAgain() {
    const next = start();
    await next.printed(/^ +curl .*\n/m);
    next.process.kill();
    expect(await next.exited).toBe(0);
    await expectNothingLeft();
  }

  test.each<[string, NodeJS.Signals, () => boolean]>([
    ['while the cluster is made', 'SIGTERM', isMakingCluster],
    ['before PostgreSQL runs', 'SIGINT', () => has('postgres', 'PG_VERSION')],
    ['while PostgreSQL starts', 'SIGTERM', () => has('postgres', 'postmaster.pid')],
    ['before the migrations', 'SIGHUP', () => has('postgres', 'greenroom-port')],
  ])('%s goes no further, and leaves no process and no partial files', async (_name, signal, reached) => {
    expect(await stopWhere(reached, signal)).toBe('');
    await expectToStartAgain();
  });

  test('twice while the cluster is created leaves no process and no partial files', async () => {
    const program = start();
    await until(isMakingCluster, TIMEOUT_MS);
    program.process.kill('SIGINT');
    program.process.kill('SIGINT');
    // The first request may have been handled before the second one arrived.
    expect([0, 1]).toContain(await program.exited);
    await expectNothingLeft();
    await expectToStartAgain();
  });

  test.each<[string, NodeJS.Signals, () => boolean]>([
    ['before it serves', 'SIGTERM', () => has('token.key')],
    ['while the development keys are made', 'SIGINT', () => has('dev.json')],
  ])('%s leaves nothing running and nothing half written', async (_name, signal, reached) => {
    await stopWhere(reached, signal);
    await expectToStartAgain();
  });
});

/** Starts a server with a request whose body is incomplete, for which the server waits while it stops. */
async function startWithRequestInProgress() {
  const program = start();
  await program.printed(/^ +curl .*\n/m);
  const { test_key: key } = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as DevKeys;
  const request = connect(port, '127.0.0.1');
  request.on('error', () => undefined);
  request.write(
    `POST /v1/sessions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n` +
      'Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{',
  );
  const [response] = (await once(request, 'data')) as [Buffer];
  expect(response.toString()).toMatch(/^HTTP\/1.1 100 /);
  return { program, request };
}

test('a second request to stop does not wait for requests in progress, but stops PostgreSQL', async () => {
  const { program } = await startWithRequestInProgress();
  program.process.kill('SIGINT');
  await program.printed(/stopping/);
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(1);
  await expectNothingLeft();
});

test('a SIGHUP after a request to stop, as from a terminal that closes, changes nothing', async () => {
  const { program, request } = await startWithRequestInProgress();
  program.process.kill('SIGTERM');
  await program.printed(/stopping/);
  program.process.kill('SIGHUP');
  request.write('}');
  const [response] = (await once(request, 'data')) as [Buffer];
  expect(response.toString()).toMatch(/^HTTP\/1.1 422 |^HTTP\/1.1 400 /);
  expect(await program.exited).toBe(0);
  await expectNothingLeft();
});

describe('a start whose last steps fail prints the reason, ends with status 1 and leaves nothing running', () => {
  const failing = async (env: Record<string, string>) => {
    const program = runProgram('main.ts', [], { GREENROOM_DATA_DIR: dataDir, PORT: String(port), ...env });
    const status = await program.exited;
    await expectNothingLeft();
    return { status, output: program.output() };
  };

  test('when the folder of the documentation is a file', async () => {
    const file = join(tmpdir(), `greenroom-docs-${process.pid}`);
    await writeFile(file, '');
    const { status, output } = await failing({ GREENROOM_DOCS_DIR: file });
    expect(status).toBe(1);
    const lines = output.trimEnd().split('\n');
    expect(lines.pop()).toBe(`Greenroom cannot start: GREENROOM_DOCS_DIR=${file} is not a folder.`);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ level: 30, msg: expect.stringMatching(/^Applying /) });
    }
    await rm(file);
  });

  test('when the key of worker tokens is empty', async () => {
    const file = join(dataDir, 'token.key');
    await writeFile(file, '', { mode: 0o600 });
    const { status, output } = await failing({});
    expect(status).toBe(1);
    expect(output).toContain(`Greenroom cannot start: ${file} does not hold a whole key.`);
  });
});
