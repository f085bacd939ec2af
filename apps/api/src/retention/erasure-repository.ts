import { Prisma, type Database } from '@greenroom/database';

import { auditStatement, type Actor } from '../audit/audit-repository.ts';
import { keyChangeStatement } from '../authentication/key-repository.ts';
import { PORTRAIT_TASK } from '../avatars/portrait-job-repository.ts';
import { currentTime } from '../common/clock.ts';
import { WEBHOOK_TASK } from '../webhooks/webhook-queue-repository.ts';

/**
 * The tables with rows of an organisation, except `orgs`, each before the tables that it refers to. The accounts are
 * deleted first. A test fails when a table with organisations is missing.
 */
const TABLES = [
  'accounts',
  'api_keys',
  'assignments',
  'dispatch_turns',
  'idempotency_records',
  'session_events',
  'events',
  'webhook_deliveries',
  'webhook_endpoints',
  'sessions',
  'usage_events',
  'usage_totals',
  'credit_entries',
  'avatar_portraits',
  'avatars',
  'audit_entries',
] as const;
export type ErasedTable = (typeof TABLES)[number];
export const ERASED_TABLES: readonly ErasedTable[] = TABLES;

const BATCH = 500;
/** Each of these rows can have megabytes. */
const IMAGE_BATCH = 20;

/** The state of an organisation that is to be deleted. */
export type BeginErasureResult = 'unknown' | 'begun' | { liveSessions: number };

/**
 * Marks an organisation as being deleted, unless it has live sessions. Every process rejects its keys within a second.
 * Without accounts, no request in progress can create a session. It can be called again.
 */
export async function beginErasure(
  database: Database,
  orgId: string,
  actor: Actor,
): Promise<BeginErasureResult> {
  return database.transaction(async (tx) => {
    const [org] = await tx.query<{ isDeleting: boolean }>(Prisma.sql`
      SELECT deleting_at IS NOT NULL AS "isDeleting" FROM orgs WHERE id = ${orgId} FOR NO KEY UPDATE`);
    if (org === undefined) return 'unknown';
    if (org.isDeleting) return 'begun';
    const accounts = await tx.query<{ live: number }>(Prisma.sql`
      SELECT active_sessions AS live FROM accounts WHERE org_id = ${orgId} FOR UPDATE`);
    const liveSessions = accounts.reduce((sum, { live }) => sum + live, 0);
    if (liveSessions > 0) return { liveSessions };
    const now = currentTime();
    await tx.commit(
      Prisma.sql`
        UPDATE orgs SET deleting_at = ${now}::timestamptz, suspended_at = coalesce(suspended_at, ${now}::timestamptz)
         WHERE id = ${orgId}`,
      Prisma.sql`DELETE FROM accounts WHERE org_id = ${orgId}`,
      auditStatement(actor, { orgId, action: 'organisation.delete', objectId: orgId }),
      keyChangeStatement(orgId),
    );
    return 'begun';
  });
}

/** Returns the keys of the jobs that an organisation may have. */
export async function jobKeysOf(database: Database, orgId: string): Promise<string[]> {
  const [avatars, endpoints] = await Promise.all([
    database.query<{ id: string }>(Prisma.sql`
      SELECT id FROM avatars WHERE org_id = ${orgId} AND status = 'processing'`),
    database.query<{ id: string }>(Prisma.sql`SELECT id FROM webhook_endpoints WHERE org_id = ${orgId}`),
  ]);
  return [
    ...avatars.map(({ id }) => `${PORTRAIT_TASK}:${id}`),
    ...endpoints.map(({ id }) => `${WEBHOOK_TASK}:${id}`),
  ];
}

/** Removes jobs by their keys. A running job ends within seconds. */
export async function removeJobs({ pool }: Database, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await pool.query('SELECT graphile_worker.remove_job(key) FROM unnest($1::text[]) AS removed (key)', [keys]);
}

/** Deletes a batch of an organisation's rows. Returns whether there may be more. */
export async function eraseBatch(database: Database, table: ErasedTable, orgId: string): Promise<boolean> {
  const batch = table === 'avatar_portraits' ? IMAGE_BATCH : BATCH;
  const name = Prisma.raw(table);
  const deleted = await database.query(Prisma.sql`
    DELETE FROM ${name}
     WHERE org_id = ${orgId}
       AND ctid = ANY (ARRAY(SELECT ctid FROM ${name} WHERE org_id = ${orgId} LIMIT ${batch}::int))
    RETURNING 1`);
  return deleted.length === batch;
}

/**
 * Deletes an organisation whose rows are deleted, with those that requests in progress have added since, and records it
 * without its name.
 *
 * @returns false when it no longer exists
 */
export async function completeErasure(database: Database, orgId: string, actor: Actor): Promise<boolean> {
  return database.transaction(async (tx) => {
    // Waits for requests in progress, and lets no other add a row that refers to it.
    const orgs = await tx.query(Prisma.sql`
      SELECT 1 FROM orgs WHERE id = ${orgId} AND deleting_at IS NOT NULL FOR UPDATE`);
    if (orgs.length === 0) return false;
    await tx.commit(
      ...TABLES.map((table) => Prisma.sql`DELETE FROM ${Prisma.raw(table)} WHERE org_id = ${orgId}`),
      Prisma.sql`DELETE FROM orgs WHERE id = ${orgId}`,
      auditStatement(actor, { orgId: null, action: 'organisation.erase', objectId: null }),
      keyChangeStatement(orgId),
    );
    return true;
  });
}
