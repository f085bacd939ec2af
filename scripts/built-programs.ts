import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  isServing,
  startServerProcess,
  type ServerProcess,
  type ServerProcessOptions,
} from './server-process.ts';

export interface ApiOptions extends Pick<ServerProcessOptions, 'signal' | 'readsLog'> {
  /** The built program; the one of this repository by default. */
  program?: string;
  args?: readonly string[];
  /** Arguments for `node`. */
  nodeArgs?: readonly string[];
  /** Created when it does not exist. */
  dataDir: string;
  databaseUrl: string;
  /** By default the one in the data directory. */
  tokenKey?: string;
  env?: Readonly<Record<string, string | undefined>>;
}

/** The keys that an API process writes to its data directory at its start. */
export interface DevKeys {
  test: string;
  live: string;
  worker: string;
}

/** The built API. */
export const API_MAIN = fileURLToPath(new URL('../apps/api/dist/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../apps/worker/dist/main.js', import.meta.url));

/** Starts the built API on a free port: one process, or several under one primary process. */
export async function startApi(options: ApiOptions): Promise<ServerProcess> {
  const { program = API_MAIN, args = [], nodeArgs = [], dataDir, databaseUrl, tokenKey, env = {} } = options;
  await mkdir(dataDir, { mode: 0o700, recursive: true });
  return startServerProcess({
    name: 'greenroom-api',
    args: ['--enable-source-maps', ...nodeArgs, program, ...args],
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: 'warn',
      ...env,
      // Last, because a benchmark passes the whole environment, which may name another database.
      DATABASE_URL: databaseUrl,
      GREENROOM_DATA_DIR: dataDir,
      ...(tokenKey !== undefined && { GREENROOM_TOKEN_KEY: tokenKey }),
    },
    // The server writes the key of workers last.
    isReady: async (url) => existsSync(workerKeyFile(dataDir)) && (await isServing(`${url}/readyz`)),
    signal: options.signal,
    readsLog: options.readsLog ?? true,
  });
}

/** Starts the built worker with the simulator. */
export function startWorker(url: string, dataDir: string): ChildProcess {
  return spawn(process.execPath, [WORKER], {
    env: {
      PATH: process.env['PATH'],
      GREENROOM_API_URL: url,
      GREENROOM_WORKER_KEY_FILE: workerKeyFile(dataDir),
      GREENROOM_RUNTIMES: 'simulator',
      LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  });
}

/** Reads the keys of the organisation `dev` and of a worker. */
export async function readDevKeys(dataDir: string): Promise<DevKeys> {
  const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as Record<string, string>;
  const worker = (await readFile(workerKeyFile(dataDir), 'utf8')).trim();
  return { test: keys['test_key'] ?? '', live: keys['live_key'] ?? '', worker };
}

/** Returns the path of the key that the API writes for workers. */
export function workerKeyFile(dataDir: string): string {
  return join(dataDir, 'worker.key');
}
