import type { Config } from '../common/config.ts';

/** `max_connections` of the embedded PostgreSQL. */
const EMBEDDED_CONNECTIONS = 200;
/** The connections of a process outside of its pool: for notifications, jobs and the start. */
const OTHER_CONNECTIONS = 9;

/**
 * Checks that the embedded PostgreSQL has enough connections for several processes, and for one more during a restart.
 *
 * @throws {Error} with a remedy when there are too few
 */
export function requireEmbeddedConnections(
  { databaseUrl, databasePoolSize }: Pick<Config, 'databaseUrl' | 'databasePoolSize'>,
  processes: number,
): void {
  if (databaseUrl !== null || processes === 1) return;
  // The primary process needs few connections, and only during the start.
  const forEach = Math.floor(EMBEDDED_CONNECTIONS / (processes + 1));
  const largestPool = forEach - OTHER_CONNECTIONS;
  if (databasePoolSize <= largestPool) return;
  const remedy = largestPool > 0 ? `Set DATABASE_POOL_SIZE to ${largestPool} at most, or` : 'Set';
  throw new Error(
    `The embedded PostgreSQL has too few connections for ${processes} processes with ${databasePoolSize} each. ` +
      `${remedy} DATABASE_URL to a server with more.`,
  );
}
