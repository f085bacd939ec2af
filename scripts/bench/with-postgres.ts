import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '@greenroom/database';

/** An embedded PostgreSQL in a temporary directory. */
export interface TemporaryPostgres {
  databaseUrl: string;
  /** The data directory, also of the servers that use the database. */
  dataDir: string;
}

/** Runs work with an embedded PostgreSQL in a temporary directory, which it removes afterwards. */
export async function withPostgres<T>(work: (postgres: TemporaryPostgres) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'));
  try {
    const postgres = await openEmbeddedPostgres({ dataDir });
    try {
      return await work({ databaseUrl: postgres.url, dataDir });
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
