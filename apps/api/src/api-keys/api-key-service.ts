import type { KeyMode, Scope } from '@greenroom/contract';
import type { ApiKey, Database } from '@greenroom/database';

import { currentTime } from '../clock.ts';
import { newSecret } from '../authentication/key-secret.ts';
import { newId } from '../ids.ts';
import type { Tenant } from '../tenant.ts';

/** PostgreSQL channel on which every process hears that a key is no longer what it was. */
export const KEY_CHANNEL = 'greenroom_keys';

export interface NewApiKey {
  name: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/** Makes a customer's key. The secret is in this answer and nowhere else: only its hash is stored. */
export async function createApiKey(
  { prisma }: Database,
  tenant: { orgId: string; mode: KeyMode },
  { name, scopes, expiresAt }: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  const { secret, hash, hint } = newSecret(tenant.mode);
  const { orgId, mode } = tenant;
  const key = await prisma.apiKey.create({
    data: { orgId, mode, id: newId('key'), name, scopes, hint, secretHash: new Uint8Array(hash), expiresAt },
  });
  return { key, secret };
}

/**
 * Revokes a key, on every process within a second. Doing it again changes nothing.
 *
 * @returns whether the tenant has such a key
 */
export async function revokeApiKey(
  database: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const key = await tx.apiKey.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
    if (key === null) return false;
    if (key.revokedAt === null) {
      await tx.apiKey.update({
        where: { orgId_mode_id: { orgId, mode, id } },
        data: { revokedAt: currentTime() },
      });
    }
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
