import { randomBytes } from 'node:crypto';

import { readTestServer } from './environment.ts';
import { databaseUrl, dropDatabase, onEveryNode } from './nodes.ts';

/** A separate database for one test. */
export interface TestDatabase {
  url: string;
  /** Drops the database and closes its open connections. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Creates the database without tables. Default: migrated. */
  empty?: boolean;
  /** ICU locale of the default collation, instead of "C". Such a database has no tables. */
  icuLocale?: string;
}

/**
 * Creates a database on the server of this run, by default a copy of a migrated one (about 30 ms). Safe for any number
 * of jest workers.
 *
 * @throws {Error} when `startTestServer` has not run
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = readTestServer();
  const name = `${server.prefix}_${randomBytes(6).toString('hex')}`;
  await onEveryNode(server, `CREATE DATABASE ${name} ${origin(server.template, options)}`);
  return {
    url: databaseUrl(server.url, name),
    drop: () => dropDatabase(server, name),
  };
}

function origin(template: string, { empty = false, icuLocale }: TestDatabaseOptions): string {
  if (icuLocale !== undefined) return `TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '${icuLocale}'`;
  return empty ? 'TEMPLATE template0' : `TEMPLATE ${template}`;
}
