import { operationPaths } from '@greenroom/contract';

/** Every contender serves the newest page of the development organisation's live sessions. */
export const TENANT = { orgId: 'dev', mode: 'live' } as const;
export const LIMIT = 20;
export const PATH = `${operationPaths['sessions.list']}?limit=${LIMIT}`;

export const SESSIONS = 100_000;
/** Connections of the load and of each contender's pool, so that no request waits for a database connection. */
export const CONNECTIONS = 16;

/** Reads the port and the database of a contender from the variables that the server itself uses. */
export function serverEnvironment(): { port: number; databaseUrl: string } {
  const { PORT, DATABASE_URL } = process.env;
  if (PORT === undefined || DATABASE_URL === undefined) {
    throw new Error('PORT and DATABASE_URL must be set. `pnpm bench list` starts this program.');
  }
  return { port: Number(PORT), databaseUrl: DATABASE_URL };
}
