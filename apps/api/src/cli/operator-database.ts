import { resolve } from 'node:path';

import { hasCluster, openDatabase, openEmbeddedPostgres, type Database } from '@greenroom/database';

import { synchronizeClock } from '../common/clock.ts';
import { readConfig, type Config } from '../common/config.ts';
import { openDataDir } from '../startup/data-dir.ts';
import { CommandError } from './command-error.ts';
import { currentInvocation } from './invocation.ts';

/**
 * Runs an operator's work on the server's database, which it finds like `start`.
 *
 * @param config read from the command's environment by default, which reads the files of secrets
 *
 * @throws {ConfigError} when the environment is not valid
 * @throws {CommandError} when it names no database, and no server has created one
 */
export async function withDatabase<T>(
  work: (database: Database, url: string, dataDir: string) => Promise<T>,
  config: Config = readConfig(currentInvocation().env),
): Promise<T> {
  if (config.databaseUrl === null && !hasCluster(config.dataDir)) {
    throw new CommandError(
      `DATABASE_URL is not set, and ${resolve(config.dataDir)} has no database. Set the variable, or start the server once.`,
    );
  }
  const embedded =
    config.databaseUrl === null
      ? await openEmbeddedPostgres({ dataDir: await openDataDir(config.dataDir, { writable: true }) })
      : null;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const database = openDatabase(url, {
    poolSize: 2,
    applicationName: 'greenroom-operator',
  });
  try {
    await synchronizeClock(database);
    return await work(database, url, config.dataDir);
  } finally {
    await database.close();
    await embedded?.stop();
  }
}
