import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestDatabase, type TestDatabase } from '@greenroom/database/testing';
import { freePort, until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';

import { scrape, valueOf } from '../harness/exposition.ts';
import { outcomeOf, runProgram, type Program } from '../harness/programs.ts';

const TIMEOUT_MS = 60_000;

jest.setTimeout(3 * TIMEOUT_MS);

let database: TestDatabase;
let dataDir: string;
let env: Record<string, string>;
let running: Program | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-metrics-'));
  env = {
    DATABASE_URL: database.url,
    GREENROOM_DATA_DIR: join(dataDir, 'data'),
    PORT: String(await freePort()),
  };
});
afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.exited;
  running = null;
  await rm(dataDir, { recursive: true, force: true });
});
afterAll(() => database.drop());

async function start(args: string[], settings: Record<string, string>): Promise<Program> {
  running = runProgram('main.ts', args, { ...env, ...settings });
  await running.printed(/^ +curl .*\n/m);
  return running;
}

const metricsUrl = (port: number) => `http://127.0.0.1:${port}/metrics`;

/** Returns two consecutive ports. */
async function twoFreePorts(): Promise<[number, number]> {
  for (;;) {
    const first = await freePort();
    if (await isFree(first + 1)) return [first, first + 1];
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

async function listener(): Promise<{ taken: Server; port: number }> {
  const taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(taken, 'listening');
  return { taken, port: (taken.address() as AddressInfo).port };
}

test('a process serves its metrics on the port of METRICS_PORT, and stops', async () => {
  const port = await freePort();
  const program = await start([], { METRICS_PORT: String(port) });
  expect(valueOf(await scrape(metricsUrl(port)), 'greenroom_database_up')).toBe(1);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  await expect(fetch(metricsUrl(port))).rejects.toThrow();
});

test('a port of the metrics that another program uses is rejected in one line, before anything is created', async () => {
  const { taken, port } = await listener();
  const { status, output } = await outcomeOf('main.ts', [], { ...env, METRICS_PORT: String(port) });
  taken.close();
  expect(status).toBe(1);
  expect(output).toBe(
    `Greenroom cannot start: Port ${port} is in use by another program. Stop it, or set METRICS_PORT=${port + 1}.\n`,
  );
  expect(await readdir(dataDir)).toEqual([]);
});

test('ports of several processes that include the port of the API are rejected in one line', async () => {
  const port = Number(env['PORT']);
  const { status, output } = await outcomeOf('main.ts', ['--processes', '2'], {
    ...env,
    METRICS_PORT: String(port - 1),
  });
  expect(status).toBe(1);
  expect(output).toContain(`METRICS_PORT=${port - 1} would use the ports to ${port}`);
  expect(output.trim().split('\n')).toHaveLength(1);
});

test('each of several processes serves its metrics on a port, even after all of them were replaced', async () => {
  const ports = await twoFreePorts();
  const program = await start(['--processes', '2'], { METRICS_PORT: String(ports[0]) });
  const startOf = async (port: number) => {
    try {
      return valueOf(await scrape(metricsUrl(port)), 'process_start_time_seconds') ?? 0;
    } catch {
      // No process is listening.
      return 0;
    }
  };
  for (const port of ports) await until(async () => (await startOf(port)) > 0, TIMEOUT_MS);
  const previous = await Promise.all(ports.map(startOf));
  program.process.kill('SIGUSR2');
  await program.printed(/"msg":"replaced the API processes"/);
  for (const [at, port] of ports.entries()) {
    await until(async () => (await startOf(port)) > (previous[at] ?? 0), TIMEOUT_MS);
  }
  expect(program.output()).not.toContain('an API process died');
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
});
