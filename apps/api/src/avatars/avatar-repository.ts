import type { AvatarScope } from '@greenroom/contract';
import { Prisma, type Avatar, type Database, type Queries, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import type { AvatarKey } from './portrait-repository.ts';

/** The owner of the stock avatars, which every organisation may use. */
export const PLATFORM = 'platform';

const COLUMNS = `
  org_id AS "orgId", id, mode, name, status, runtime_type AS "runtimeType", is_demo AS "isDemo",
  failure_reason AS "failureReason", created_at AS "createdAt"`;
const STOCK_COLUMNS = `
  '${PLATFORM}' AS "orgId", id, NULL AS mode, name, 'ready' AS status, runtime_type AS "runtimeType", true AS "isDemo",
  NULL AS "failureReason", created_at AS "createdAt"`;

/** Returns an avatar that the tenant may see, its own or a stock avatar. */
export async function findAvatar(
  queries: Queries,
  { orgId, mode }: Tenant,
  id: string,
): Promise<Avatar | null> {
  const [avatar] = await queries.query<Avatar>(Prisma.sql`
    SELECT ${Prisma.raw(COLUMNS)} FROM avatars
     WHERE org_id = ${orgId} AND id = ${id} AND (mode IS NULL OR mode = ${mode})
    UNION ALL
    SELECT ${Prisma.raw(STOCK_COLUMNS)} FROM stock_avatars WHERE id = ${id}`);
  return avatar ?? null;
}

/**
 * Returns avatars in the order of their ids, which for stock avatars is the order of the catalogue.
 *
 * SQL, because `q` is not a pattern, and its case is folded by Unicode's rules in any locale of the database.
 */
export async function listAvatars(
  { pool }: Database,
  { orgId, mode }: Tenant,
  filter: { scope: AvatarScope; q: string | undefined; after: string | undefined; take: number },
): Promise<Avatar[]> {
  const { scope, q, after, take } = filter;
  const { rows } = await pool.query<Avatar>({
    name: `list-avatars-${scope}`,
    text: `SELECT * FROM (${SOURCES[scope]}) AS page ORDER BY id LIMIT $3`,
    values: [after ?? '', q ?? '', take, ...(scope === 'platform' ? [] : [orgId, mode])],
  });
  return rows;
}

const MATCHES = `
  id > $1 AND strpos(lower((name || E'\\n' || id) COLLATE "und-x-icu"), lower($2 COLLATE "und-x-icu")) > 0`;
const OWN = `SELECT ${COLUMNS} FROM avatars WHERE org_id = $4 AND (mode IS NULL OR mode = $5) AND ${MATCHES}`;
const STOCK = `SELECT ${STOCK_COLUMNS} FROM stock_avatars WHERE ${MATCHES}`;
const SOURCES: Record<AvatarScope, string> = { all: `${OWN} UNION ALL ${STOCK}`, org: OWN, platform: STOCK };

/** Returns the runtime types of the registered workers, in alphabetical order. */
export async function runtimeTypes(tx: Transaction): Promise<string[]> {
  const workers = await tx.query<{ runtimeType: string }>(Prisma.sql`
    SELECT DISTINCT runtime_type AS "runtimeType" FROM workers ORDER BY 1`);
  return workers.map(({ runtimeType }) => runtimeType);
}

/**
 * Locks the organisation until the transaction ends, so that the limit holds, and returns the number of its avatars of both
 * modes and of the slots of its plan.
 */
export async function lockAndCountAvatars(
  tx: Transaction,
  orgId: string,
): Promise<{ count: number; slots: number }> {
  const [[plan], [avatars]] = await Promise.all([
    tx.query<{ slots: number }>(Prisma.sql`
      SELECT plan.custom_avatar_slots AS slots
        FROM orgs AS org JOIN plans AS plan ON plan.id = org.plan_id
       WHERE org.id = ${orgId} FOR NO KEY UPDATE OF org`),
    tx.query<{ count: number }>(Prisma.sql`
      SELECT count(*)::int AS count FROM avatars WHERE org_id = ${orgId}`),
  ]);
  return { count: avatars?.count ?? 0, slots: plan?.slots ?? 0 };
}

export async function insertAvatar(
  tx: Transaction,
  avatar: Omit<Avatar, 'isDemo' | 'failureReason'>,
): Promise<Avatar> {
  const { orgId, id, mode, name, status, runtimeType, createdAt } = avatar;
  await tx.query(Prisma.sql`
    INSERT INTO avatars (org_id, id, mode, name, status, runtime_type, created_at)
    VALUES (${orgId}, ${id}, ${mode}, ${name}, ${status}, ${runtimeType}, ${createdAt})`);
  return { ...avatar, isDemo: false, failureReason: null };
}

/** Makes a processing avatar ready, or failed if there is a reason. Returns it; null if it was not processing. */
export async function settleAvatar(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  failureReason: string | null,
): Promise<Avatar | null> {
  const [settled] = await tx.query<Avatar>(Prisma.sql`
    UPDATE avatars SET status = ${failureReason === null ? 'ready' : 'failed'}, failure_reason = ${failureReason}
     WHERE org_id = ${orgId} AND id = ${id} AND status = 'processing' RETURNING ${Prisma.raw(COLUMNS)}`);
  return settled ?? null;
}

/** Deletes an avatar. Returns false if it was already deleted. */
export async function deleteAvatar(tx: Transaction, { orgId, id }: AvatarKey): Promise<boolean> {
  const deleted = await tx.query(Prisma.sql`
    DELETE FROM avatars WHERE org_id = ${orgId} AND id = ${id} RETURNING 1`);
  return deleted.length > 0;
}
