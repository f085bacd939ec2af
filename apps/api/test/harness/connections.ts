import { until } from '@greenroom/testing';
import pg from 'pg';

import type { TestServer } from './test-server.ts';

/** Opens a connection outside of the server's pool, without its limits on statements and transactions. */
export async function connect({ databaseUrl }: TestServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-test' });
  // A test that fails before it releases its locks drops the database under the connection.
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
