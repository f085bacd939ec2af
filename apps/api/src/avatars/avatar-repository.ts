import type { AvatarScope } from '@greenroom/contract';
import { Prisma, type Avatar, type Database, type Transaction } from '@greenroom/database';

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
  client: Pick<Transaction, '$queryRaw'>,
  { orgId, mode }: Tenant,
  id: string,
): Promise<Avatar | null> {
  const [avatar] = await client.$queryRaw<Avatar[]>`
    SELECT ${Prisma.raw(COLUMNS)} FROM avatars
     WHERE org_id = ${orgId} AND id = ${id} AND (mode IS NULL OR mode = ${mode}::mode)
    UNION ALL
    SELECT ${Prisma.raw(STOCK_COLUMNS)} FROM stock_avatars WHERE id = ${id}`;
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
const OWN = `SELECT ${COLUMNS} FROM avatars WHERE org_id = $4 AND (mode IS NULL OR mode = $5::mode) AND ${MATCHES}`;
const STOCK = `SELECT ${STOCK_COLUMNS} FROM stock_avatars WHERE ${MATCHES}`;
const SOURCES: Record<AvatarScope, string> = { all: `${OWN} UNION ALL ${STOCK}`, org: OWN, platform: STOCK };

/** Returns the runtime types of the registered workers, in alphabetical order. */
export async function runtimeTypes(tx: Pick<Transaction, 'worker'>): Promise<string[]> {
  const workers = await tx.worker.findMany({
    distinct: ['runtimeType'],
    orderBy: { runtimeType: 'asc' },
    select: { runtimeType: true },
  });
  return workers.map(({ runtimeType }) => runtimeType);
}

/**
 * Counts an organisation's avatars of both modes, and the slots of its plan. No other transaction adds
 * one until this one ends.
 */
export async function countAvatars(
  tx: Transaction,
  orgId: string,
): Promise<{ count: number; slots: number }> {
  const [plan] = await tx.$queryRaw<{ slots: number }[]>`
    SELECT plan.custom_avatar_slots AS slots
      FROM orgs AS org JOIN plans AS plan ON plan.id = org.plan_id
     WHERE org.id = ${orgId} FOR NO KEY UPDATE OF org`;
  return { count: await tx.avatar.count({ where: { orgId } }), slots: plan?.slots ?? 0 };
}

export function insertAvatar(tx: Transaction, data: Prisma.AvatarUncheckedCreateInput): Promise<Avatar> {
  return tx.avatar.create({ data });
}

/** Makes a processing avatar ready, or failed where there is a reason. False where it was not processing. */
export async function settleAvatar(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  failureReason: string | null,
): Promise<boolean> {
  const { count } = await tx.avatar.updateMany({
    where: { orgId, id, status: 'processing' },
    data: { status: failureReason === null ? 'ready' : 'failed', failureReason },
  });
  return count > 0;
}

/** Deletes an avatar. False where it was deleted already. */
export async function deleteAvatar(tx: Transaction, { orgId, id }: AvatarKey): Promise<boolean> {
  const { count } = await tx.avatar.deleteMany({ where: { orgId, id } });
  return count > 0;
}
