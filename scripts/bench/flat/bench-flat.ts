import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { openDatabase } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys } from '../../built-programs.ts';
import type { ServerProcess } from '../../server-process.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { createOrganisations, type Organisation } from '../compare/organisations.ts';
import { createDatabase } from '../create-database.ts';
import { insertHistory } from '../insert-history.ts';
import { PATIENT, startMeasuredApi } from '../measured-api.ts';
import { withPostgres, type TemporaryPostgres } from '../with-postgres.ts';
import { OPERATIONS, performSessions, registerWorker, type Operation, type Site } from './operations.ts';
import { flatRatio, flatTable, type RoundDurations } from './ratios.ts';

export interface FlatOptions extends BenchmarkOptions {
  /** Sessions of the larger database. */
  history: number;
  rounds: number;
}

export const MAX_RATIO = 1.2;
const SMALL_HISTORY = 1_000;
/** Sessions that are performed at each database in a round. */
const SESSIONS_PER_ROUND = 60;

/** Compares writes and the usage summary on databases with a short and a long history. */
export async function benchFlat({ history, rounds, signal, log }: FlatOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  return withPostgres(async (postgres) => {
    const servers: ServerProcess[] = [];
    try {
      const start = async (name: string, sessions: number): Promise<Site> => {
        const { server, site } = await startSite(postgres, { name, sessions, signal, log });
        servers.push(server);
        return site;
      };
      const small = await start('small', SMALL_HISTORY);
      const large = await start('large', history);
      const measured = new Map<Operation, RoundDurations[]>(OPERATIONS.map((operation) => [operation, []]));
      // The warm-up is an additional round that does not count.
      for (let round = 0; round <= rounds; round += 1) {
        log(round === 0 ? 'Warming up …' : `Round ${round} of ${rounds} …`);
        const durations = new Map<Operation, RoundDurations>(
          OPERATIONS.map((operation) => [operation, { small: [], large: [] }]),
        );
        await performSessions([small, large], SESSIONS_PER_ROUND, (site, operation, durationMs) => {
          signal.throwIfAborted();
          durations.get(operation)?.[site === small ? 'small' : 'large'].push(durationMs);
        });
        if (round > 0) for (const [operation, each] of durations) measured.get(operation)?.push(each);
      }
      const ratios = new Map(Array.from(measured, ([operation, each]) => [operation, flatRatio(each)]));
      const sizes = [SMALL_HISTORY, history].map((sessions) => sessions.toLocaleString('en'));
      return {
        lines: [`${sizes.join(' and ')} sessions of history`, '', ...flatTable(ratios, MAX_RATIO)],
        data: { small: SMALL_HISTORY, large: history, ratios: Object.fromEntries(ratios) },
        problems: [],
      };
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
}

/** Starts a server with a separate database and inserts the history. */
async function startSite(
  postgres: TemporaryPostgres,
  { name, sessions, signal, log }: { name: string; sessions: number } & BenchmarkOptions,
): Promise<{ server: ServerProcess; site: Site }> {
  const databaseUrl = await createDatabase(postgres.databaseUrl, name);
  const dataDir = join(postgres.dataDir, name);
  await mkdir(dataDir, { mode: 0o700 });
  const server = await startMeasuredApi({ databaseUrl, dataDir, env: PATIENT, signal });
  try {
    const organisation = await createOrganisation(databaseUrl);
    log(`Inserting ${sessions.toLocaleString('en')} sessions …`);
    const { orgId } = organisation;
    await insertHistory({ databaseUrl, orgId, sessions, withRecords: true, signal, log });
    const { worker: workerKey } = await readDevKeys(dataDir);
    const workerId = await registerWorker(server.url, workerKey);
    return { server, site: { url: server.url, organisation, workerKey, workerId } };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function createOrganisation(databaseUrl: string): Promise<Organisation> {
  const database = openDatabase(databaseUrl, { poolSize: 1, applicationName: 'bench' });
  try {
    const [organisation] = await createOrganisations(database, 1);
    if (organisation === undefined) throw new Error('There is no organisation.');
    return organisation;
  } finally {
    await database.close();
  }
}
