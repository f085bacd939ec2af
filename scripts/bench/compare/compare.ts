import { deepStrictEqual } from 'node:assert';

import { operationPaths } from '@greenroom/contract';
import { openDatabase, type Database } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys } from '../../built-programs.ts';
import type { ServerProcess } from '../../server-process.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { withPostgres, type TemporaryPostgres } from '../with-postgres.ts';
import { startContenders, startOurs } from './contenders.ts';
import { load, type Turn } from './load.ts';
import { createOrganisations, type Organisation } from './organisations.ts';
import { record, send, type Recording } from './recording.ts';
import { Replay } from './replay.ts';
import { ratiosOf, reportOf, type Comparison } from './report.ts';
import { POOL_SIZE, type Requests, type Scenario } from './scenario.ts';
import { createRequests, replayCreates, type CreatedSession } from './sessions.ts';

export interface CompareOptions extends BenchmarkOptions {
  /** Rounds that count. In each, every server has one turn. */
  rounds: number;
  scenarios: readonly Scenario[];
}

/** Measures our server, the floor and the peer in turns, for each scenario with a separate database. */
export async function compare({ scenarios, ...options }: CompareOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  const comparisons: Comparison[] = [];
  for (const scenario of scenarios) {
    comparisons.push(await withPostgres((postgres) => measureScenario(scenario, postgres, options)));
  }
  return {
    lines: comparisons.flatMap((comparison) => [...reportOf(comparison), '']).slice(0, -1),
    data: comparisons.map((comparison) => ({
      title: comparison.title,
      turns: Object.fromEntries(comparison.turns),
      ratios: ratiosOf(comparison),
    })),
    problems: [],
  };
}

async function measureScenario(
  scenario: Scenario,
  postgres: TemporaryPostgres,
  options: Omit<CompareOptions, 'scenarios'>,
): Promise<Comparison> {
  const { log, signal } = options;
  log(`${scenario.title}: preparing …`);
  const recorder = await startOurs(postgres, signal, { isRecorded: true });
  const database = openDatabase(postgres.databaseUrl, {
    poolSize: POOL_SIZE,
    applicationName: 'bench-preparation',
  });
  const contenders = new Map<string, ServerProcess>();
  try {
    const { requests, ...setup } = await prepare(scenario, recorder, { database, ...postgres, signal });
    await recorder.stop();
    await startContenders(contenders, postgres, setup, signal);
    await assertSameResponses(contenders, requests, scenario);
    return { title: scenario.title, aims: scenario.aims, turns: await measure() };

    async function measure(): Promise<Map<string, Turn[]>> {
      const turns = new Map<string, Turn[]>([...contenders.keys()].map((name) => [name, []]));
      // The warm-up is an additional round that does not count.
      for (let round = 0; round <= options.rounds; round += 1) {
        log(round === 0 ? 'Warming up …' : `Round ${round} of ${options.rounds} …`);
        for (const [name, { url }] of contenders) {
          const turn = await load(url, await requests(scenario.requestsPerTurn), { ...scenario, signal });
          if (round > 0) turns.get(name)?.push(turn);
        }
      }
      return turns;
    }
  } finally {
    await Promise.all([recorder, ...contenders.values()].map((server) => server.stop()));
    await database.close();
  }
}

/** Prepares the database and records the operation. */
async function prepare(
  scenario: Scenario,
  recorder: ServerProcess,
  { database, databaseUrl, dataDir, signal }: { database: Database; signal: AbortSignal } & TemporaryPostgres,
): Promise<{ requests: Requests; organisations: Organisation[]; recording: Recording }> {
  const organisations = await createOrganisations(database, scenario.organisations);
  // From here on, the server knows the keys and does not look them up.
  for (const { key } of organisations) {
    await send(recorder.url, { method: 'GET', path: operationPaths['sessions.list'], key });
  }
  const orgs = new Map(organisations.map(({ key, orgId }) => [key, orgId]));
  let creates: Promise<Replay> | null = null;
  const createSessions = async (count: number): Promise<CreatedSession[]> => {
    creates ??= record(recorder, (each) => createRequests(organisations, each)).then(
      (recording) => new Replay(recording, database.pool, orgs),
    );
    return replayCreates(await creates, await createRequests(organisations, count));
  };
  const requests = await scenario.prepare({
    ...{ database, databaseUrl, organisations, createSessions, signal },
    apiUrl: recorder.url,
    workerKey: (await readDevKeys(dataDir)).worker,
  });
  return { requests, organisations, recording: await record(recorder, requests) };
}

/** The measurements are comparable only when all servers respond the same. */
async function assertSameResponses(
  contenders: ReadonlyMap<string, ServerProcess>,
  requests: Requests,
  { isRead }: Scenario,
): Promise<void> {
  const each = await requests(contenders.size);
  const [read] = each;
  const responses = await Promise.all(
    Array.from(contenders.values(), async ({ url }, index) => {
      const request = isRead ? read : each[index];
      if (request === undefined) throw new Error('There are fewer requests than servers.');
      const { status, response } = await send(url, request);
      return { status, response: isRead ? response : shapeOf(response) };
    }),
  );
  for (const response of responses) deepStrictEqual(response, responses[0]);
}

/** Returns the names of the fields and the types of their values, which differ in ids and times. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
}
