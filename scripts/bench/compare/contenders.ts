import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isServing, startServerProcess, type ServerProcess } from '../../server-process.ts';
import { PATIENT, PRODUCTION, startMeasuredApi } from '../measured-api.ts';
import type { TemporaryPostgres } from '../with-postgres.ts';
import { POOL_SIZE } from './scenario.ts';
import { saveSetup, type ServerSetup } from './servers/server-setup.ts';

/** The servers that are compared with ours, by the names of their files. */
const OTHERS = ['floor', 'peer'] as const;

/** Starts our server, with as many connections to the database as the others. */
export function startOurs(
  { databaseUrl, dataDir }: TemporaryPostgres,
  signal: AbortSignal,
  { isRecorded = false } = {},
): Promise<ServerProcess> {
  const recorder = ['--import', pathOf('record-statements.mjs')];
  return startMeasuredApi({
    databaseUrl,
    dataDir,
    env: { ...PATIENT, DATABASE_POOL_SIZE: String(POOL_SIZE) },
    nodeArgs: isRecorded ? recorder : [],
    signal,
  });
}

/**
 * Starts the servers that take turns. Adds each to `contenders` under its name, so that the caller can stop them even
 * when a later one fails.
 */
export async function startContenders(
  contenders: Map<string, ServerProcess>,
  postgres: TemporaryPostgres,
  setup: ServerSetup,
  signal: AbortSignal,
): Promise<void> {
  contenders.set('ours', await startOurs(postgres, signal));
  const path = join(postgres.dataDir, 'bench-setup');
  const env = { ...PRODUCTION, DATABASE_URL: postgres.databaseUrl, ...(await saveSetup(path, setup)) };
  for (const name of OTHERS) {
    const options = {
      name,
      args: ['--import', 'tsx', pathOf(`servers/${name}.ts`)],
      env,
      isReady: (url: string) => isServing(`${url}/readyz`),
      signal,
    };
    contenders.set(name, await startServerProcess(options));
  }
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
