import { lockHolder } from './connections.ts';
import type { TestServer } from './test-server.ts';

export interface HeldCreates {
  /** Resolves with whether a create waits. */
  waiting: () => Promise<boolean>;
  release: () => Promise<void>;
}

/** Blocks every create until `release` is called. */
export async function holdCreates(server: TestServer): Promise<HeldCreates> {
  const client = await lockHolder(server);
  await client.query('SELECT FROM accounts FOR UPDATE');
  return {
    async waiting() {
      const { rows } = await server.database.pool.query<{ waiting: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
      );
      return rows[0]?.waiting === true;
    },
    async release() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}
