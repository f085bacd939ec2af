import type { KeyMode, Scope } from '@greenroom/contract';
import {
  narrow,
  Prisma,
  type ApiKey,
  type Database,
  type Statement,
  type Transaction,
} from '@greenroom/database';

import { auditStatement, type Actor } from '../audit/audit-repository.ts';
import { keyChangeStatement } from '../authentication/key-repository.ts';
import { currentTime } from '../common/clock.ts';
import type { Tenant } from '../common/tenant.ts';

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

/** Inserts a key, and records it. */
export async function insertApiKey(
  tx: Transaction,
  key: ApiKeyRow,
  actor: Actor,
  details: Prisma.InputJsonObject = {},
): Promise<ApiKey> {
  const { orgId, mode, id, name, scopes, hint, secretHash, expiresAt } = key;
  await Promise.all([
    tx.query(Prisma.sql`
      INSERT INTO api_keys (org_id, mode, id, name, scopes, hint, secret_hash, expires_at)
      VALUES (${orgId}, ${mode}, ${id}, ${name}, ${scopes}, ${hint}, ${secretHash}, ${expiresAt})`),
    tx.query(
      auditStatement(actor, {
        orgId,
        action: 'api_key.create',
        objectId: id,
        details: { mode, name, scopes, expires_at: expiresAt?.toISOString() ?? null, ...details },
      }),
    ),
  ]);
  return { ...key, lastUsedAt: null, revokedAt: null };
}

/**
 * Locks the organisation until the transaction ends, so that the limit holds, and returns the number of its usable keys of
 * both modes.
 */
export async function lockAndCountApiKeys(tx: Transaction, orgId: string): Promise<number> {
  const [, [keys]] = await Promise.all([
    tx.query(Prisma.sql`SELECT 1 FROM orgs WHERE id = ${orgId} FOR NO KEY UPDATE`),
    tx.query<{ count: number }>(Prisma.sql`
      SELECT count(*)::int AS count FROM api_keys
       WHERE org_id = ${orgId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${currentTime()})`),
  ]);
  return keys?.count ?? 0;
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
  actor: Actor,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const revoked = await tx.query(Prisma.sql`
      UPDATE api_keys SET revoked_at = ${currentTime()}
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND revoked_at IS NULL RETURNING 1`);
    if (revoked.length === 0) return false;
    const record = { orgId, action: 'api_key.revoke', objectId: id } as const;
    await commitKeyChange(tx, id, auditStatement(actor, record));
    return true;
  });
}

/** Sets when a key expires. Returns false when it was revoked or has another expiry than `seen` by now. */
export async function expireApiKey(tx: Transaction, seen: ApiKey, expiresAt: Date): Promise<boolean> {
  const updated = await tx.query(Prisma.sql`
    UPDATE api_keys SET expires_at = ${expiresAt}::timestamptz
     WHERE org_id = ${seen.orgId} AND mode = ${seen.mode} AND id = ${seen.id} AND revoked_at IS NULL
       AND expires_at IS NOT DISTINCT FROM ${seen.expiresAt}::timestamptz
    RETURNING 1`);
  return updated.length > 0;
}

/** Notifies every process of a changed key, and commits, after the last statements. */
export async function commitKeyChange(
  tx: Transaction,
  id: string,
  ...statements: readonly Statement[]
): Promise<void> {
  await tx.commit(...statements, keyChangeStatement(id));
}

/** Returns the keys that are not revoked, newest first. */
export async function listApiKeys(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  { before, take }: { before: string | undefined; take: number },
): Promise<ApiKey[]> {
  const keys = await prisma.apiKey.findMany({
    where: { orgId, mode, revokedAt: null, ...(before !== undefined && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take,
  });
  return keys.map(narrow);
}

export async function findApiKey(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<ApiKey | null> {
  const key = await prisma.apiKey.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
  return key === null ? null : narrow(key);
}

/** Returns the owner of a key, for an operator who knows only its id. */
export async function findApiKeyOwner({ prisma }: Database, id: string): Promise<Tenant | null> {
  const key = await prisma.apiKey.findFirst({ where: { id } });
  return key === null ? null : narrow(key);
}
