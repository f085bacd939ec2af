import type { SessionStatus } from '@greenroom/contract';
import type { Queries } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';
import { withLiveCounters } from './session-repository.ts';

export interface SessionListFilter {
  statuses: readonly SessionStatus[] | null;
  avatarId: string | null;
  /** A range of ids that includes `from` and excludes `before`. */
  from: string;
  before: string;
  /** Maximum number of rows. */
  take: number;
}

/**
 * Returns the newest sessions of a range of ids, newest first.
 *
 * Each combination of the two equality filters has a statement, and each statement is an ordered scan of the index made
 * for it, so that a page costs its rows however many sessions there are. Several statuses are merged scans, because an
 * index on (…, status, id) is ordered by id only within a status.
 */
export async function listSessions(
  queries: Queries,
  tenant: Tenant,
  { statuses, avatarId, from, before, take }: SessionListFilter,
): Promise<SessionRecord[]> {
  const { orgId, mode } = tenant;
  const avatar = avatarId === null ? '' : 'AND avatar_id = $6';
  const scan = (status: string) => `
    SELECT * FROM sessions
     WHERE org_id = $1 AND mode = $2 AND id >= $3 AND id < $4 ${avatar} ${status}
     ORDER BY id DESC LIMIT $5`;
  const values: unknown[] = [orgId, mode, from, before, take];
  if (avatarId !== null) values.push(avatarId);
  let source = scan('');
  if (statuses !== null) {
    values.push(statuses);
    source = `
      SELECT session.* FROM unnest($${values.length}::text[]) AS wanted (status),
      LATERAL (${scan('AND sessions.status = wanted.status')}) AS session`;
  }
  const text = `SELECT ${SESSION_COLUMNS} FROM (${source}) AS page ORDER BY id DESC LIMIT $5`;
  return withLiveCounters(queries, tenant, await queries.query<SessionRecord>({ text, values }));
}
