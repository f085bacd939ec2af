import { deepStrictEqual } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import type { Contender } from '../contender.ts';
import { liveKey, startContenders } from './contenders.ts';
import { insertSessions } from './insert-sessions.ts';
import { load, type LoadOptions, type Turn } from './load.ts';
import { PATH } from './scenario.ts';

export interface BenchOptions {
  /** Total seconds of load, including the warm-up. */
  seconds: number;
  /** Ends the benchmark early and cleans up. */
  signal: AbortSignal;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const ROUNDS = 6;

/** Measures the contenders in turns on one database. Resolves with the turns of each contender by name. */
export async function benchList({ seconds, signal, log }: BenchOptions): Promise<Map<string, Turn[]>> {
  await buildApps('api', 'worker');
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'));
  const contenders: Contender[] = [];
  try {
    const postgres = await openEmbeddedPostgres({ dataDir });
    try {
      log('Starting the servers …');
      await startContenders(contenders, { databaseUrl: postgres.url, dataDir, signal });
      log('Inserting the sessions …');
      await insertSessions(postgres.url);
      const key = (await liveKey(dataDir)) ?? '';
      await assertSameResponses(contenders, key);
      // The warm-up is an additional round that does not count.
      const turn = { key, signal, seconds: seconds / (contenders.length * (ROUNDS + 1)) };
      return await measure(contenders, turn, log);
    } finally {
      await Promise.all(contenders.map((contender) => contender.stop()));
      await postgres.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The measurements are comparable only when all servers respond the same. */
async function assertSameResponses(contenders: readonly Contender[], key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const bodies = await Promise.all(
    contenders.map(async ({ url }): Promise<unknown> => (await fetch(url + PATH, { headers })).json()),
  );
  for (const body of bodies) deepStrictEqual(body, bodies[0]);
}

async function measure(
  contenders: readonly Contender[],
  turn: LoadOptions,
  log: BenchOptions['log'],
): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    log(round === 0 ? 'Warming up …' : `Round ${round} of ${ROUNDS} …`);
    for (const { name, url } of contenders) {
      const measured = await load(url, turn);
      if (round > 0) turns.get(name)?.push(measured);
    }
  }
  return turns;
}
