import type { KeyMode, Scope } from '@greenroom/contract';
import type { ApiKey, Database, Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { Tenant } from '../common/tenant.ts';

/** The PostgreSQL channel that notifies every process of a changed key. */
export const KEY_CHANNEL = 'greenroom_keys';

export interface ApiKeyRow {
  orgId: string;
  mode: KeyMode;
  id: string;
  name: string;
  scopes: Scope[];
  hint: string;
  secretHash: Uint8Array<ArrayBuffer>;
  expiresAt: Date | null;
}

export function insertApiKey({ apiKey }: Pick<Transaction, 'apiKey'>, data: ApiKeyRow): Promise<ApiKey> {
  return apiKey.create({ data });
}

/** Counts the usable keys of both modes. No other transaction adds a key within the limit until this one ends. */
export async function countApiKeys(tx: Transaction, orgId: string): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM orgs WHERE id = ${orgId} FOR NO KEY UPDATE`;
  return tx.apiKey.count({
    where: { orgId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: currentTime() } }] },
  });
}

/**
 * Revokes a key, on every process within a second.
 *
 * @returns whether the tenant had such a key that was not revoked
 */
export async function revokeApiKey(
  database: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { orgId, mode, id, revokedAt: null },
      data: { revokedAt: currentTime() },
    });
    if (count === 0) return false;
    await tx.$queryRaw`SELECT pg_notify(${KEY_CHANNEL}, ${id})::text`;
    return true;
  });
}

/** Returns the keys that are not revoked, newest first. */
export function listApiKeys(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  { before, take }: { before: string | undefined; take: number },
): Promise<ApiKey[]> {
  return prisma.apiKey.findMany({
    where: { orgId, mode, revokedAt: null, ...(before !== undefined && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take,
  });
}

export function findApiKey(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<ApiKey | null> {
  return prisma.apiKey.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
}

/** Returns the owner of a key, for an operator who knows only its id. */
export function findApiKeyOwner({ prisma }: Database, id: string): Promise<Tenant | null> {
  return prisma.apiKey.findFirst({ where: { id }, select: { orgId: true, mode: true } });
}
