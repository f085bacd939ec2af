import { until } from '@greenroom/testing';
import pg from 'pg';

import type { TestServer } from './test-server.ts';

/** Opens a connection outside of the server's pool, whose statements and transactions may take as long as a test needs. */
export async function connect({ databaseUrl }: TestServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-test' });
  // The database is dropped under it when the test fails before it releases its locks.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Resolves when several statements wait for the locks of a connection. */
export async function untilBlocked(holder: pg.Client): Promise<void> {
  await until(async () => {
    const { rowCount } = await holder.query(`SELECT FROM pg_locks WHERE NOT granted`);
    return rowCount !== null && rowCount > 1;
  });
}

/** Opens a connection whose transaction holds locks. */
export async function lockHolder(server: TestServer): Promise<pg.Client> {
  const client = await connect(server);
  await client.query('BEGIN');
  return client;
}
