import { keyModeValues } from '@greenroom/contract';
import { Prisma, type Database, type Org } from '@greenroom/database';

import { KEY_CHANNEL } from '../authentication/key-repository.ts';

/** Serializes the creation of organisations, because no index keeps their names unique. The second key is 0. */
const CREATE_LOCK = 1;

export interface NewOrg {
  /** A slug. */
  id: string;
  name: string;
  planId: string;
}

/** The columns that an operator can change. */
export type OrgSettings = Pick<
  Org,
  | 'planId'
  | 'concurrentSessions'
  | 'maxSessionSeconds'
  | 'requestsPerSecond'
  | 'createsPerSecond'
  | 'suspendedAt'
>;

/** The field that a new organisation shares with an existing one. */
export type OrgConflict = 'id' | 'name';

/** Creates an organisation with one empty account per mode. Returns null, or the field that another one has already. */
export async function insertOrg(
  database: Database,
  { id, name, planId }: NewOrg,
): Promise<OrgConflict | null> {
  return database.transaction(async (tx) => {
    const [, taken] = await Promise.all([
      tx.query(Prisma.sql`SELECT pg_advisory_xact_lock(${CREATE_LOCK}::int, 0)`),
      tx.query<{ id: string }>(Prisma.sql`SELECT id FROM orgs WHERE id = ${id} OR name = ${name}`),
    ]);
    if (taken.length > 0) return taken.some((org) => org.id === id) ? 'id' : 'name';
    await tx.commit(
      Prisma.sql`INSERT INTO orgs (id, name, plan_id) VALUES (${id}, ${name}, ${planId})`,
      ...keyModeValues.map((mode) => Prisma.sql`INSERT INTO accounts (org_id, mode) VALUES (${id}, ${mode})`),
    );
    return null;
  });
}

/**
 * Changes an organisation, on every process within a second.
 *
 * @returns false when it is not as `seen` any more; nothing has changed then
 */
export async function updateOrg(
  database: Database,
  seen: Org,
  changes: Partial<OrgSettings>,
): Promise<boolean> {
  const to = { ...seen, ...changes };
  return database.transaction(async (tx) => {
    const updated = await tx.query(Prisma.sql`
      UPDATE orgs
         SET plan_id = ${to.planId}, concurrent_sessions = ${to.concurrentSessions}::int,
             max_session_seconds = ${to.maxSessionSeconds}::int, requests_per_second = ${to.requestsPerSecond}::int,
             creates_per_second = ${to.createsPerSecond}::int, suspended_at = ${to.suspendedAt}::timestamptz
       WHERE id = ${seen.id} AND plan_id = ${seen.planId}
         AND concurrent_sessions IS NOT DISTINCT FROM ${seen.concurrentSessions}::int
         AND max_session_seconds IS NOT DISTINCT FROM ${seen.maxSessionSeconds}::int
         AND requests_per_second IS NOT DISTINCT FROM ${seen.requestsPerSecond}::int
         AND creates_per_second IS NOT DISTINCT FROM ${seen.createsPerSecond}::int
         AND suspended_at IS NOT DISTINCT FROM ${seen.suspendedAt}::timestamptz
      RETURNING 1`);
    if (updated.length === 0) return false;
    await tx.commit(Prisma.sql`SELECT pg_notify(${KEY_CHANNEL}, ${seen.id})`);
    return true;
  });
}

export function findOrg({ prisma }: Database, id: string): Promise<Org | null> {
  return prisma.org.findUnique({ where: { id } });
}

/** Returns the organisations after an id, in the order of their ids. */
export function listOrgs(
  { prisma }: Database,
  { after, take }: { after: string | undefined; take: number },
): Promise<Org[]> {
  return prisma.org.findMany({
    ...(after !== undefined && { where: { id: { gt: after } } }),
    orderBy: { id: 'asc' },
    take,
  });
}
