import { deepStrictEqual } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase, openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../build-apps.ts';
import type { Contender } from '../contender.ts';
import { liveKey, startContenders } from './contenders.ts';
import { insertSessions } from './insert-sessions.ts';
import { load, type LoadOptions, type Turn } from './load.ts';
import { PATH } from './scenario.ts';

export interface BenchOptions {
  /** Seconds of load in all, warm-up included. */
  seconds: number;
  /** Ends it early, leaving nothing behind. */
  signal: AbortSignal;
  /** Where progress is told. */
  say: (line: string) => void;
}

const ROUNDS = 6;

/** Measures the contenders in turns, round after round, on one database; their turns by their names. */
export async function benchList({ seconds, signal, say }: BenchOptions): Promise<Map<string, Turn[]>> {
  await buildApps();
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'));
  const contenders: Contender[] = [];
  try {
    const postgres = await openEmbeddedPostgres({ dataDir });
    try {
      say('Starting the servers …');
      await startContenders(contenders, { databaseUrl: postgres.url, dataDir, signal });
      say('Inserting the sessions …');
      await withSessions(postgres.url);
      const key = (await liveKey(dataDir)) ?? '';
      await requireSameAnswers(contenders, key);
      // The warm-up is a round like the others that does not count.
      const turn = { key, signal, seconds: seconds / (contenders.length * (ROUNDS + 1)) };
      return await measure(contenders, turn, say);
    } finally {
      await Promise.all(contenders.map((contender) => contender.stop()));
      await postgres.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function withSessions(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl, { poolSize: 1, applicationName: 'bench' });
  try {
    await insertSessions(database);
  } finally {
    await database.close();
  }
}

/** Figures are comparable only between servers that say the same. */
async function requireSameAnswers(contenders: readonly Contender[], key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const answers = await Promise.all(
    contenders.map(async ({ url }): Promise<unknown> => (await fetch(url + PATH, { headers })).json()),
  );
  for (const answer of answers) deepStrictEqual(answer, answers[0]);
}

async function measure(
  contenders: readonly Contender[],
  turn: LoadOptions,
  say: BenchOptions['say'],
): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    say(round === 0 ? 'Warming up …' : `Round ${round} of ${ROUNDS} …`);
    for (const { name, url } of contenders) {
      const measured = await load(url, turn);
      if (round > 0) turns.get(name)?.push(measured);
    }
  }
  return turns;
}
