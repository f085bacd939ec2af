import { lifecycle } from '@greenroom/contract';
import { Prisma, type Database } from '@greenroom/database';

import { lowestIdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/**
 * The most rows that one statement deletes, so that each is short. They are found as an array, for which PostgreSQL uses
 * the index; for `IN`, it would read the whole table.
 */
export const PURGE_BATCH = 500;

const OVER = Prisma.raw(lifecycle.terminal.map((status) => `'${status}'`).join());

/** Returns the ids of organisations after an id. */
export async function listOrgIds(
  database: Database,
  { after, take }: { after: string; take: number },
): Promise<string[]> {
  const orgs = await database.query<{ id: string }>(Prisma.sql`
    SELECT id FROM orgs WHERE id > ${after} ORDER BY id LIMIT ${take}::int`);
  return orgs.map(({ id }) => id);
}

/**
 * Deletes a batch of the oldest sessions that were created before a time and are over, with their events.
 *
 * @returns how many were deleted, as all functions here do; fewer than `PURGE_BATCH` when it was the last batch
 */
export async function purgeSessions(
  database: Database,
  { orgId, mode }: Tenant,
  before: Date,
): Promise<number> {
  const deleted = await database.query(Prisma.sql`
    DELETE FROM sessions
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
             SELECT id FROM sessions
              WHERE org_id = ${orgId} AND mode = ${mode} AND id < ${lowestIdAt('sess', before)} AND status IN (${OVER})
              ORDER BY id LIMIT ${PURGE_BATCH}::int))
    RETURNING 1`);
  return deleted.length;
}

/** Deletes a batch of the oldest events before a time. */
export async function purgeEvents(
  database: Database,
  { orgId, mode }: Tenant,
  before: Date,
): Promise<number> {
  const deleted = await database.query(Prisma.sql`
    DELETE FROM events
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
             SELECT id FROM events
              WHERE org_id = ${orgId} AND mode = ${mode} AND id < ${lowestIdAt('evt', before)}
              ORDER BY id LIMIT ${PURGE_BATCH}::int))
    RETURNING 1`);
  return deleted.length;
}

/** Deletes a batch of the oldest webhook deliveries of events before a time. */
export async function purgeDeliveries(
  database: Database,
  { orgId, mode }: Tenant,
  before: Date,
): Promise<number> {
  const deleted = await database.query(Prisma.sql`
    DELETE FROM webhook_deliveries
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
             SELECT id FROM webhook_deliveries
              WHERE org_id = ${orgId} AND mode = ${mode} AND id < ${lowestIdAt('whd', before)}
              ORDER BY id LIMIT ${PURGE_BATCH}::int))
    RETURNING 1`);
  return deleted.length;
}

/** Deletes a batch of the oldest usage events before a month. Their totals remain, and state that events are missing. */
export async function purgeUsageEvents(
  database: Database,
  { orgId, mode }: Tenant,
  month: Date,
): Promise<number> {
  return database.transaction(async (tx) => {
    const deleted = await tx.query(Prisma.sql`
      DELETE FROM usage_events
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
               SELECT id FROM usage_events
                WHERE org_id = ${orgId} AND mode = ${mode} AND id < ${lowestIdAt('use', month)}
                ORDER BY id LIMIT ${PURGE_BATCH}::int))
      RETURNING 1`);
    if (deleted.length === 0) return 0;
    await tx.commit(Prisma.sql`
      UPDATE usage_totals SET events_purged = true
       WHERE org_id = ${orgId} AND mode = ${mode} AND NOT events_purged
         AND month < (${month}::timestamptz AT TIME ZONE 'UTC')::date`);
    return deleted.length;
  });
}

/** The entry with the lowest id, which is that of the opening balance. */
const OPENING_ENTRY = lowestIdAt('crd', new Date(0));

/** Replaces a batch of the oldest credit entries before a time by their sum in the opening balance. */
export async function compactLedger(
  database: Database,
  { orgId, mode }: Tenant,
  before: Date,
): Promise<number> {
  return database.transaction(async (tx) => {
    const old = await tx.query<{ id: string }>(Prisma.sql`
      SELECT id FROM credit_entries
       WHERE org_id = ${orgId} AND mode = ${mode} AND id > ${OPENING_ENTRY} AND id < ${lowestIdAt('crd', before)}
       ORDER BY id LIMIT ${PURGE_BATCH}::int`);
    if (old.length === 0) return 0;
    const ids = [OPENING_ENTRY, ...old.map(({ id }) => id)];
    const [sum] = await tx.query<{ credits: string }>(Prisma.sql`
      WITH gone AS (
        DELETE FROM credit_entries WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (${ids})
        RETURNING org_id, credits
      )
      SELECT coalesce(sum(credits), 0)::text AS credits FROM gone WHERE org_id = ${orgId}`);
    const credits = sum?.credits ?? '0';
    if (Number(credits) !== 0) {
      await tx.query(Prisma.sql`
        INSERT INTO credit_entries AS entry (org_id, mode, id, kind, credits, reason, at)
        VALUES (${orgId}, ${mode}, ${OPENING_ENTRY}, 'adjustment', ${credits}::numeric, 'Opening balance',
                ${before}::timestamptz)
        ON CONFLICT (org_id, mode, id) DO UPDATE SET credits = entry.credits + EXCLUDED.credits, at = EXCLUDED.at`);
    }
    return old.length;
  });
}

/** Deletes a batch of the oldest audit entries before a time. */
export async function purgeAudit(database: Database, before: Date): Promise<number> {
  const deleted = await database.query(Prisma.sql`
    DELETE FROM audit_entries
     WHERE id = ANY (ARRAY(SELECT id FROM audit_entries WHERE id < ${lowestIdAt('aud', before)}
                            ORDER BY id LIMIT ${PURGE_BATCH}::int))
    RETURNING 1`);
  return deleted.length;
}
