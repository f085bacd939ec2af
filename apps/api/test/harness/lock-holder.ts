import pg from 'pg';

import type { TestServer } from './test-server.ts';

/** Opens a connection outside of the server's pool, whose transactions may hold locks for as long as a test needs. */
export async function lockHolder({ databaseUrl }: TestServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // The database is dropped first when the test fails before it releases its locks.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  return client;
}
