import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '@greenroom/testing';

/** One API process, or several under one primary process. */
export interface ApiProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Returns the last part of its log. */
  output(): string;
}

export interface ApiOptions {
  /** The built program; the one of this repository by default. */
  program?: string;
  args?: readonly string[];
  /** Created when it does not exist. */
  dataDir: string;
  databaseUrl: string;
  tokenKey: string;
  env?: Readonly<Record<string, string>>;
}

/** The keys that the start of an API process puts into its data directory. */
export interface DevKeys {
  test: string;
  live: string;
  worker: string;
}

const START_TIMEOUT_MS = 60_000;
const OUTPUT_LENGTH = 4_000;
const API = fileURLToPath(new URL('../apps/api/dist/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../apps/worker/dist/main.js', import.meta.url));

/**
 * Starts the built API on a free port.
 *
 * @throws {Error} with its output when it is not ready within a minute
 */
export async function startApi(options: ApiOptions): Promise<ApiProcess> {
  const { program = API, args = [], dataDir, databaseUrl, tokenKey, env = {} } = options;
  await mkdir(dataDir, { mode: 0o700, recursive: true });
  const port = await freePort();
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      GREENROOM_DATA_DIR: dataDir,
      GREENROOM_TOKEN_KEY: tokenKey,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_LENGTH)));
  }
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isReady(url, dataDir))) {
    if (hasExited(child) || performance.now() > deadline) {
      await stopProcess(child);
      throw new Error(`The API process did not start:\n${output}`);
    }
    await delay(50);
  }
  return { url, child, output: () => output };
}

/** Starts the built worker with the simulator. */
export function startWorker(url: string, dataDir: string): ChildProcess {
  return spawn(process.execPath, [WORKER], {
    env: {
      PATH: process.env['PATH'],
      GREENROOM_API_URL: url,
      GREENROOM_WORKER_KEY_FILE: join(dataDir, 'worker.key'),
      GREENROOM_RUNTIMES: 'simulator',
      LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  });
}

/** Reads the keys of the organisation `dev` and of a worker. */
export async function readDevKeys(dataDir: string): Promise<DevKeys> {
  const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as Record<string, string>;
  const worker = (await readFile(join(dataDir, 'worker.key'), 'utf8')).trim();
  return { test: keys['test_key'] ?? '', live: keys['live_key'] ?? '', worker };
}

/** Stops a process. Resolves with its exit status, or null when it had to be killed after 30 s. */
export async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (hasExited(child)) return child.exitCode;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  child.kill();
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}

export function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Whether the API is ready and its data directory has the keys. */
async function isReady(url: string, dataDir: string): Promise<boolean> {
  try {
    await readFile(join(dataDir, 'worker.key'));
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
