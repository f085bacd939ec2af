import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { openEmbeddedPostgres, type EmbeddedPostgres } from '@greenroom/database';
import { freePort, startTcpProxy, type TcpProxy } from '@greenroom/testing';

import { buildApps } from '../build-apps.mjs';

/** One API process. */
export interface ApiProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Two API processes, a simulator worker, and PostgreSQL behind a proxy that can misbehave. */
export interface Fleet {
  readonly apis: readonly ApiProcess[];
  readonly testKey: string;
  readonly proxy: TcpProxy;
  /** Connection string that bypasses the proxy. */
  readonly databaseUrl: string;
  /** Path of the embedded cluster. */
  readonly cluster: string;
  /** Restarts PostgreSQL on the same port after it was killed. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const API = fileURLToPath(new URL('../../apps/api/dist/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../../apps/worker/dist/main.js', import.meta.url));

/**
 * Builds the applications and starts the fleet in a temporary directory. With `direct`, the API processes bypass the
 * proxy, which runs in the measuring process and would distort the measurements.
 *
 * @throws {Error} with the output of a process that is not ready within a minute
 */
export async function startFleet({ direct = false } = {}): Promise<Fleet> {
  await buildApps('api', 'worker');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-faults-'));
  const opened: EmbeddedPostgres[] = [await openEmbeddedPostgres({ dataDir: dir })];
  const postgres = new URL(opened[0]?.url ?? '');
  const proxy = await startTcpProxy(Number(postgres.port));
  const url = new URL(postgres);
  if (!direct) url.port = String(proxy.port);
  const children: ChildProcess[] = [];
  const tokenKey = randomBytes(32).toString('base64');

  const startApi = async (name: string): Promise<ApiProcess> => {
    const dataDir = join(dir, name);
    await mkdir(dataDir, { mode: 0o700 });
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', API], {
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        DATABASE_URL: url.href,
        GREENROOM_DATA_DIR: dataDir,
        GREENROOM_TOKEN_KEY: tokenKey,
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
    const apiUrl = `http://127.0.0.1:${port}`;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isReady(apiUrl, dataDir))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`The API process "${name}" did not start:\n${output}`);
      }
      await delay(50);
    }
    return { url: apiUrl, child };
  };

  const stop = async (): Promise<void> => {
    await Promise.all(children.map(stopChild));
    await proxy.close();
    for (const each of opened) await each.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const apis = [await startApi('one'), await startApi('two')];
    children.push(startWorker(apis[0]?.url ?? '', join(dir, 'one', 'worker.key')));
    const keys = JSON.parse(await readFile(join(dir, 'one', 'dev.json'), 'utf8')) as { test_key: string };
    return {
      apis,
      testKey: keys.test_key,
      proxy,
      databaseUrl: postgres.href,
      cluster: join(dir, 'postgres'),
      async restartPostgres() {
        opened.push(await openEmbeddedPostgres({ dataDir: dir, port: Number(postgres.port) }));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns the API processes that have exited. */
export function exitedProcesses({ apis }: Fleet): ApiProcess[] {
  return apis.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
}

async function isReady(url: string, dataDir: string): Promise<boolean> {
  try {
    await readFile(join(dataDir, 'worker.key'));
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

function startWorker(url: string, keyFile: string): ChildProcess {
  return spawn(process.execPath, [WORKER], {
    env: {
      PATH: process.env['PATH'],
      GREENROOM_API_URL: url,
      GREENROOM_WORKER_KEY_FILE: keyFile,
      GREENROOM_RUNTIMES: 'simulator',
      LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  child.kill();
  await exited;
  clearTimeout(timer);
}
