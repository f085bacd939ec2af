import { keyModeValues, type KeyMode } from '@greenroom/contract';
import { Prisma, type Database, type Org, type Queries } from '@greenroom/database';

import { auditStatement, type Actor } from '../audit/audit-repository.ts';
import { keyChangeStatement } from '../authentication/key-repository.ts';
import { ACCOUNT_COLUMNS, ACCOUNT_TABLES, type Account } from './account-repository.ts';
import { firstDayOf, grantDifference, grantIncluded, monthAt } from './included-credits-repository.ts';

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

/** An organisation with its accounts. */
export interface OrgDetails {
  org: Org;
  accounts: (Account & { mode: KeyMode })[];
}

/** The field that a new organisation shares with an existing one. */
export type OrgConflict = 'id' | 'name';

/**
 * Creates an organisation with one account per mode, and grants the included credits of its first month. Returns it, or
 * the field that another one already has.
 */
export async function insertOrg(
  database: Database,
  { id, name, planId }: NewOrg,
  actor: Actor,
): Promise<OrgDetails | OrgConflict> {
  return database.transaction(async (tx) => {
    const [, taken] = await Promise.all([
      tx.query(Prisma.sql`SELECT pg_advisory_xact_lock(${CREATE_LOCK}::int, 0)`),
      tx.query<{ id: string }>(Prisma.sql`SELECT id FROM orgs WHERE id = ${id} OR name = ${name}`),
    ]);
    if (taken.length > 0) return taken.some((org) => org.id === id) ? 'id' : 'name';
    const month = monthAt();
    const details = { name, plan: planId };
    await Promise.all(
      [
        Prisma.sql`
          INSERT INTO orgs (id, name, plan_id, credits_month)
          VALUES (${id}, ${name}, ${planId}, ${firstDayOf(month)}::date)`,
        ...keyModeValues.map(
          (mode) => Prisma.sql`INSERT INTO accounts (org_id, mode) VALUES (${id}, ${mode})`,
        ),
        auditStatement(actor, { orgId: id, action: 'organisation.create', objectId: id, details }),
      ].map((statement) => tx.query(statement)),
    );
    await grantIncluded(tx, id, { month, planId });
    return requireDetails(tx, id);
  });
}

/**
 * Changes an organisation, on every process within a second. A plan with more included credits than the last one grants
 * the difference for the current month.
 *
 * @param action as the audit names the change
 * @returns null when it no longer equals `seen`, in which case nothing has changed
 */
export async function updateOrg(
  database: Database,
  { seen, changes, action }: { seen: Org; changes: Partial<OrgSettings>; action: `organisation.${string}` },
  actor: Actor,
): Promise<OrgDetails | null> {
  const to = { ...seen, ...changes };
  const month = monthAt();
  return database.transaction(async (tx) => {
    const [updated] = await tx.query<{ hasCredits: boolean; largest: number | null }>(Prisma.sql`
      UPDATE orgs
         SET plan_id = ${to.planId}, concurrent_sessions = ${to.concurrentSessions}::int,
             max_session_seconds = ${to.maxSessionSeconds}::int, requests_per_second = ${to.requestsPerSecond}::int,
             creates_per_second = ${to.createsPerSecond}::int, suspended_at = ${to.suspendedAt}::timestamptz
       WHERE id = ${seen.id} AND plan_id = ${seen.planId} AND deleting_at IS NULL
         AND concurrent_sessions IS NOT DISTINCT FROM ${seen.concurrentSessions}::int
         AND max_session_seconds IS NOT DISTINCT FROM ${seen.maxSessionSeconds}::int
         AND requests_per_second IS NOT DISTINCT FROM ${seen.requestsPerSecond}::int
         AND creates_per_second IS NOT DISTINCT FROM ${seen.createsPerSecond}::int
         AND suspended_at IS NOT DISTINCT FROM ${seen.suspendedAt}::timestamptz
      RETURNING credits_month IS NOT DISTINCT FROM ${firstDayOf(month)}::date AS "hasCredits", included_credits AS largest`);
    if (updated === undefined) return null;
    if (updated.hasCredits && to.planId !== seen.planId) {
      const { largest } = updated;
      await grantDifference(tx, seen.id, { month, from: seen.planId, to: to.planId, largest });
    }
    const details = await requireDetails(tx, seen.id);
    const record = { orgId: seen.id, action, objectId: seen.id, details: differences(seen, changes) };
    await tx.commit(auditStatement(actor, record), keyChangeStatement(seen.id));
    return details;
  });
}

/** Returns the old and the new values of the changed columns, by name. */
function differences(seen: Org, changes: Partial<OrgSettings>): Prisma.InputJsonObject {
  const names = Object.keys(changes) as (keyof OrgSettings)[];
  return Object.fromEntries(
    names.map((name) => {
      const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return [column, { from: jsonOf(seen[name]), to: jsonOf(changes[name] ?? null) }];
    }),
  );
}

function jsonOf(value: string | number | Date | null): string | number | null {
  return value instanceof Date ? value.toISOString() : value;
}

export function findOrg({ prisma }: Database, id: string): Promise<Org | null> {
  return prisma.org.findUnique({ where: { id } });
}

/** Returns an organisation with its accounts; null when there is none with this id. */
export async function findOrgDetails(queries: Queries, id: string): Promise<OrgDetails | null> {
  const [[org], accounts] = await Promise.all([
    queries.query<Org>(Prisma.sql`
      SELECT id, name, plan_id AS "planId", concurrent_sessions AS "concurrentSessions",
             max_session_seconds AS "maxSessionSeconds", requests_per_second AS "requestsPerSecond",
             creates_per_second AS "createsPerSecond", suspended_at AS "suspendedAt", deleting_at AS "deletingAt",
             credits_month::timestamp AT TIME ZONE 'UTC' AS "creditsMonth",
             included_credits AS "includedCredits", created_at AS "createdAt"
        FROM orgs WHERE id = ${id}`),
    queries.query<OrgDetails['accounts'][number]>(Prisma.sql`
      SELECT account.mode, ${Prisma.raw(ACCOUNT_COLUMNS)} FROM ${Prisma.raw(ACCOUNT_TABLES)}
       WHERE account.org_id = ${id} ORDER BY account.mode`),
  ]);
  return org === undefined ? null : { org, accounts };
}

async function requireDetails(queries: Queries, id: string): Promise<OrgDetails> {
  const details = await findOrgDetails(queries, id);
  if (details === null) throw new Error(`Organisation ${id} has vanished`);
  return details;
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
