import { limits, type KeyMode, type Scope } from '@greenroom/contract';
import type { ApiKey, Database, Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { newSecret } from '../authentication/key-secret.ts';
import { ApiError } from '../errors/api-error.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/** PostgreSQL channel on which every process hears that a key is no longer what it was. */
export const KEY_CHANNEL = 'greenroom_keys';

const MAX_KEYS = limits.ApiKeyCreate.maxPerOrganisation;

export interface NewApiKey {
  name: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/**
 * Makes a customer's key where there is room for it.
 *
 * @throws {ApiError} 403 when the organisation has as many keys as it can have
 */
export async function createApiKeyWithinLimit(
  tx: Transaction,
  tenant: Tenant,
  key: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  const count = await countApiKeys(tx, tenant.orgId);
  if (count >= MAX_KEYS) {
    throw new ApiError('api_key.limit_reached', { values: { count, limit: MAX_KEYS } });
  }
  return createApiKey(tx, tenant, key);
}

/** Counts the keys that work, of both modes. No other transaction adds one in this way until this one ends. */
async function countApiKeys(tx: Transaction, orgId: string): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM orgs WHERE id = ${orgId} FOR NO KEY UPDATE`;
  return tx.apiKey.count({
    where: { orgId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: currentTime() } }] },
  });
}

/** Makes a customer's key. The secret is in this answer and nowhere else: only its hash is stored. */
export async function createApiKey(
  client: Pick<Transaction, 'apiKey'>,
  tenant: { orgId: string; mode: KeyMode },
  { name, scopes, expiresAt }: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  const { secret, hash, hint } = newSecret(tenant.mode);
  const { orgId, mode } = tenant;
  const key = await client.apiKey.create({
    data: { orgId, mode, id: newId('key'), name, scopes, hint, secretHash: new Uint8Array(hash), expiresAt },
  });
  return { key, secret };
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

/** Keys that are not revoked, newest first. */
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
