/** What every contender serves: the newest page of the development organisation's live sessions. */
export const TENANT = { orgId: 'dev', mode: 'live' } as const;
export const LIMIT = 20;
export const PATH = `/v1/sessions?limit=${LIMIT}`;

export const SESSIONS = 100_000;
/** Of the load, and of each contender's pool: none waits for a connection to the database. */
export const CONNECTIONS = 16;
