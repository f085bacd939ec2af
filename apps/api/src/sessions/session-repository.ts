import type { SessionStatus } from '@greenroom/contract';
import { Prisma, type Queries } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import { isTerminal } from './lifecycle.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

/** A constant text: to build it takes longer than to send it. */
const FIND = `SELECT ${SESSION_COLUMNS} FROM sessions WHERE org_id = $1 AND mode = $2 AND id = $3`;

/** Finds a session of the tenant, with the counters of its last transition. */
export async function findSession(
  queries: Queries,
  { orgId, mode }: Tenant,
  id: string,
): Promise<SessionRecord | null> {
  const [session] = await queries.query<SessionRecord>({ text: FIND, values: [orgId, mode, id] });
  return session ?? null;
}

/** Finds a session of the tenant, with the counters of its assignment while it is live. */
export async function findSessionWithCounters(
  queries: Queries,
  tenant: Tenant,
  id: string,
): Promise<SessionRecord | null> {
  const session = await findSession(queries, tenant, id);
  if (session === null || isTerminal(session.status)) return session;
  const [counted] = await findLiveCounters(queries, [id]);
  // It ended since it was read.
  if (counted === undefined) return findSession(queries, tenant, id);
  return { ...session, ...counted };
}

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

/**
 * Adds the counters of their assignments to live sessions. Those of a session that ended since it was read are in its
 * record.
 */
async function withLiveCounters(
  queries: Queries,
  tenant: Tenant,
  sessions: SessionRecord[],
): Promise<SessionRecord[]> {
  const live = sessions.filter(({ status }) => !isTerminal(status)).map(({ id }) => id);
  if (live.length === 0) return sessions;
  const counters = new Map((await findLiveCounters(queries, live)).map((found) => [found.id, found]));
  const ended = live.filter((id) => !counters.has(id));
  const final = ended.length === 0 ? [] : await findFinalCounters(queries, tenant, ended);
  for (const found of final) counters.set(found.id, found);
  return sessions.map((session) => ({ ...session, ...counters.get(session.id) }));
}

interface Counters {
  id: string;
  frames: number;
  billableSeconds: number;
}

/** Returns the counters of sessions from their assignments, without those that are over. */
async function findLiveCounters(queries: Queries, ids: readonly string[]): Promise<Counters[]> {
  return queries.query<Counters>(Prisma.sql`
    SELECT id, frames, media_ms / 1000 AS "billableSeconds" FROM assignments WHERE id = ANY (${ids})`);
}

/** Returns the counters of sessions that are over from their records. */
async function findFinalCounters(
  queries: Queries,
  { orgId, mode }: Tenant,
  ids: readonly string[],
): Promise<Counters[]> {
  return queries.query<Counters>(Prisma.sql`
    SELECT id, frames, billable_seconds AS "billableSeconds" FROM sessions
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (${ids})`);
}

/**
 * Returns the fence with which a session ended, null while it is live, or undefined when there is no session with this id.
 * A worker that sends its last report again knows no more than the id.
 */
export async function findFinalFence(queries: Queries, id: string): Promise<number | null | undefined> {
  const [session] = await queries.query<{ finalFence: number | null }>(Prisma.sql`
    SELECT final_fence AS "finalFence" FROM sessions WHERE id = ${id}`);
  return session?.finalFence;
}
