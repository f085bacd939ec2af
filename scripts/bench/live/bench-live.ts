import { createGreenroom } from '@greenroom/client';
import { openPool } from '@greenroom/database';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys, workerKeyFile } from '../../built-programs.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { startMeasuredApi } from '../measured-api.ts';
import { withPostgres } from '../with-postgres.ts';
import { performConcurrently } from './perform-concurrently.ts';

export interface LiveOptions extends BenchmarkOptions {
  /** Number of sessions that are live at once. */
  sessions: number;
}

/** Performs many simulated sessions at once, and checks that none is lost, late or billed incorrectly. */
export async function benchLive({ sessions, signal, log }: LiveOptions): Promise<BenchmarkResult> {
  await buildApps('api', 'worker');
  return withPostgres(async (postgres) => {
    const connections = openPool(postgres.databaseUrl, { poolSize: 1, applicationName: 'bench' });
    const server = await startMeasuredApi({ ...postgres, signal });
    try {
      const apiKey = (await readDevKeys(postgres.dataDir)).test;
      const greenroom = createGreenroom({ baseUrl: server.url, apiKey });
      log(`Performing ${sessions} concurrent sessions …`);
      return await performConcurrently({
        ...{ url: server.url, greenroom, sessions, pool: connections.pool, signal },
        workerKeyFile: workerKeyFile(postgres.dataDir),
      });
    } finally {
      await server.stop();
      await connections.close();
    }
  });
}
