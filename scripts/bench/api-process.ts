import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isServing, startServerProcess, type ServerProcess } from './server-process.ts';

/** The built server. */
export const API_MAIN = fileURLToPath(new URL('../../apps/api/dist/main.js', import.meta.url));

/** Sessions and assignments must not expire while they wait for their turn. */
export const PATIENT = { GREENROOM_JOIN_DEADLINE_SECONDS: '86400', GREENROOM_LEASE_SECONDS: '3600' } as const;

export interface ApiProcessOptions {
  databaseUrl: string;
  dataDir: string;
  /** Environment variables in addition to the required ones. */
  env?: Readonly<Record<string, string>>;
  /** Arguments for `node`. */
  nodeArgs?: readonly string[];
  signal: AbortSignal;
}

/** Starts the built server, with the organisation `dev` and its keys in the data directory. */
export function startApi({
  databaseUrl,
  dataDir,
  env = {},
  nodeArgs = [],
  signal,
}: ApiProcessOptions): Promise<ServerProcess> {
  return startServerProcess({
    name: 'ours',
    args: ['--enable-source-maps', ...nodeArgs, API_MAIN],
    env: {
      DATABASE_URL: databaseUrl,
      GREENROOM_DATA_DIR: dataDir,
      // Off by default in production.
      GREENROOM_DEV_ORG: 'true',
      LOG_LEVEL: 'info',
      ...env,
    },
    // The server writes the key of workers last.
    isReady: async (url) => existsSync(workerKeyFile(dataDir)) && (await isServing(`${url}/readyz`)),
    signal,
  });
}

/** Returns the path of the key that the server writes for workers. */
export function workerKeyFile(dataDir: string): string {
  return join(dataDir, 'worker.key');
}

/** Returns the key of workers. */
export async function readWorkerKey(dataDir: string): Promise<string> {
  return (await readFile(workerKeyFile(dataDir), 'utf8')).trim();
}

/** Returns the keys of the development organisation. */
export async function readDevKeys(dataDir: string): Promise<{ test_key: string; live_key: string }> {
  return JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as {
    test_key: string;
    live_key: string;
  };
}
