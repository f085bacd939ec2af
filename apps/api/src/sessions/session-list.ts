import type { SessionStatus, SessionStatusFilter } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { LIVE_STATUSES, TERMINAL_STATUSES } from './lifecycle.ts';
import type { Tenant } from '../common/tenant.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

export interface SessionListFilter {
  statuses: readonly SessionStatus[] | null;
  avatarId: string | null;
  /** Half-open range of ids: `from` is in it, `before` is not. */
  from: string;
  before: string;
  /** How many rows at most. */
  take: number;
}

/** The aliases spelled out, each status once. */
export function statusesOf(filters: readonly SessionStatusFilter[]): SessionStatus[] {
  const statuses = filters.flatMap((filter): readonly SessionStatus[] => {
    if (filter === 'active') return LIVE_STATUSES;
    if (filter === 'terminal') return TERMINAL_STATUSES;
    return [filter];
  });
  return [...new Set(statuses)];
}

/**
 * The newest sessions of a range of ids, newest first.
 *
 * Four statements, one for each combination of the equality filters, and each one ordered scan of the index
 * made for it: a page costs its rows, however many sessions there are. Several statuses are one such scan
 * each, merged, because an index on (…, status, id) is ordered by id only within a status.
 */
export async function listSessions(
  { pool }: Database,
  { orgId, mode }: Tenant,
  { statuses, avatarId, from, before, take }: SessionListFilter,
): Promise<SessionRecord[]> {
  const avatar = avatarId === null ? '' : 'AND avatar_id = $6';
  const scan = (status: string) => `
    SELECT * FROM sessions
     WHERE org_id = $1 AND mode = $2::mode AND id >= $3 AND id < $4 ${avatar} ${status}
     ORDER BY id DESC LIMIT $5`;
  const values: unknown[] = [orgId, mode, from, before, take];
  if (avatarId !== null) values.push(avatarId);
  let source = scan('');
  if (statuses !== null) {
    values.push(statuses);
    source = `
      SELECT session.* FROM unnest($${values.length}::session_status[]) AS wanted (status),
      LATERAL (${scan('AND sessions.status = wanted.status')}) AS session`;
  }
  const { rows } = await pool.query<SessionRecord>({
    name: `list-sessions${avatarId === null ? '' : '-avatar'}${statuses === null ? '' : '-statuses'}`,
    text: `SELECT ${SESSION_COLUMNS} FROM (${source}) AS page ORDER BY id DESC LIMIT $5`,
    values,
  });
  return rows;
}
