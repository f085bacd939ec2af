import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createGreenroom } from '@greenroom/client';
import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import { startContender } from '../contender.ts';
import { measureClaims } from './measure-claims.ts';
import { performConcurrently, type DispatchResult } from './perform-concurrently.ts';

export interface DispatchOptions {
  /** Number of concurrent sessions. */
  sessions: number;
  signal: AbortSignal;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const API = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

/** Measures dispatch with a dedicated API process and database. */
export async function benchDispatch({ sessions, signal, log }: DispatchOptions): Promise<DispatchResult> {
  await buildApps('api', 'worker');
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'));
  const workerKeyFile = join(dataDir, 'worker.key');
  const postgres = await openEmbeddedPostgres({ dataDir });
  try {
    log('Starting the server …');
    const server = await startContender({
      name: 'ours',
      args: ['--enable-source-maps', API],
      env: { DATABASE_URL: postgres.url, GREENROOM_DATA_DIR: dataDir, LOG_LEVEL: 'info' },
      // The server writes the worker key after the keys of the development organisation.
      isReady: async () => existsSync(workerKeyFile) && (await readTestKey(dataDir)) !== null,
      signal,
    });
    try {
      const apiKey = (await readTestKey(dataDir)) ?? '';
      const greenroom = createGreenroom({ baseUrl: server.url, apiKey });
      log('Creating sessions for an idle worker …');
      const waits = await measureClaims({ url: server.url, greenroom, workerKeyFile, signal });
      log(`Performing ${sessions} concurrent sessions …`);
      const performed = await performConcurrently({
        url: server.url,
        greenroom,
        workerKeyFile,
        sessions,
        signal,
      });
      return { lines: [...waits, ...performed.lines], problems: performed.problems };
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Returns the test key of the development organisation, or null before the server has created it. */
async function readTestKey(dataDir: string): Promise<string | null> {
  try {
    const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as { test_key: string };
    return keys.test_key;
  } catch {
    return null;
  }
}
