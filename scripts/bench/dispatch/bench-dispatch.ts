import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createGreenroom } from '@greenroom/client';
import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../build-apps.ts';
import { startContender } from '../contender.ts';
import { performAtOnce } from './perform-concurrently.ts';
import { waitForClaims } from './measure-claims.ts';

export interface DispatchOptions {
  /** How many sessions are performed at once. */
  sessions: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Figures to print, and what went wrong, a line each. */
export interface Findings {
  lines: string[];
  faults: string[];
}

const API = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

/** Measures dispatch on an API process and a database of its own. */
export async function benchDispatch({ sessions, signal, say }: DispatchOptions): Promise<Findings> {
  await buildApps();
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'));
  const postgres = await openEmbeddedPostgres({ dataDir });
  try {
    say('Starting the server …');
    const server = await startContender({
      name: 'ours',
      args: ['--enable-source-maps', API],
      env: { DATABASE_URL: postgres.url, GREENROOM_DATA_DIR: dataDir, LOG_LEVEL: 'info' },
      isReady: async () => (await keysIn(dataDir)) !== null,
      signal,
    });
    try {
      const apiKey = (await keysIn(dataDir)) ?? '';
      const greenroom = createGreenroom({ baseUrl: server.url, apiKey });
      const workerKeyFile = join(dataDir, 'worker.key');
      say('Creating sessions for an idle worker …');
      const waits = await waitForClaims({ url: server.url, greenroom, workerKeyFile, signal });
      say(`Performing ${sessions} sessions at once …`);
      const performed = await performAtOnce({ url: server.url, greenroom, workerKeyFile, sessions, signal });
      return { lines: [...waits, ...performed.lines], faults: performed.faults };
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The development organisation's test key, once the server has made it. */
async function keysIn(dataDir: string): Promise<string | null> {
  try {
    const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as { test_key: string };
    return keys.test_key;
  } catch {
    return null;
  }
}
