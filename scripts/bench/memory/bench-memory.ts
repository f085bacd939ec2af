import { operationPaths } from '@greenroom/contract';
import { openDatabase } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { load, type LoadRequest } from '../compare/load.ts';
import { createOrganisations, type Organisation } from '../compare/organisations.ts';
import { createRequests } from '../compare/sessions.ts';
import { PATIENT, startMeasuredApi } from '../measured-api.ts';
import { withPostgres } from '../with-postgres.ts';
import { heapGrowth, memoryTable, type MemorySample } from './growth.ts';

export interface MemoryOptions extends BenchmarkOptions {
  /** Number of requests in total. */
  requests: number;
}

export const MAX_GROWTH = 1.05;
const SAMPLES = 10;
const CONNECTIONS = 16;
/** Requests that are prepared at once. */
const BATCH = 5_000;
/** The share of requests that create a session. */
const CREATE_SHARE = 0.02;
const PRELOAD = new URL('report-memory.mjs', import.meta.url).href;

/** Measures the memory of the server over many requests: creates, and reads of pages and of limits. */
export async function benchMemory({ requests, signal, log }: MemoryOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  return withPostgres(async (postgres) => {
    const nodeArgs = ['--expose-gc', '--import', PRELOAD];
    const server = await startMeasuredApi({ ...postgres, nodeArgs, env: PATIENT, signal });
    const database = openDatabase(postgres.databaseUrl, { poolSize: 1, applicationName: 'bench' });
    try {
      const organisations = await createOrganisations(database, 1);
      const samples: MemorySample[] = [];
      for (let sent = 0, next = 0; sent < requests;) {
        const batch = await mixedRequests(organisations, Math.min(BATCH, requests - sent));
        await load(server.url, batch, { connections: CONNECTIONS, signal });
        sent += batch.length;
        if (sent < next) continue;
        next += requests / SAMPLES;
        const memory = (await server.ask('memory')) as Omit<MemorySample, 'requests'>;
        samples.push({ requests: sent, ...memory });
        log(`${sent.toLocaleString('en')} of ${requests.toLocaleString('en')} requests …`);
      }
      const growth = heapGrowth(samples);
      const verdict = growth <= MAX_GROWTH ? 'met' : 'not met';
      return {
        lines: [
          ...memoryTable(samples),
          '',
          `heap growth after the warm-up  ${growth.toFixed(3)}  aim: ${MAX_GROWTH} or less, ${verdict}`,
        ],
        data: { samples, growth },
        problems: [],
      };
    } finally {
      await server.stop();
      await database.close();
    }
  });
}

async function mixedRequests(organisations: readonly Organisation[], count: number): Promise<LoadRequest[]> {
  const creates = await createRequests(organisations, Math.ceil(count * CREATE_SHARE));
  const key = organisations[0]?.key ?? '';
  const reads = Array.from({ length: count - creates.length }, (_, index): LoadRequest => {
    const path =
      index % 4 === 0 ? `${operationPaths['sessions.list']}?limit=5` : operationPaths['limits.get'];
    return { method: 'GET', path, key };
  });
  return [...creates, ...reads];
}
