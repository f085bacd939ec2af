import { limits, type Scope } from '@greenroom/contract';
import type { ApiKey, Database, Transaction } from '@greenroom/database';

import type { Actor } from '../audit/audit-repository.ts';
import { newSecret } from '../authentication/key-secret.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { ApiError } from '../errors/api-error.ts';
import { commitKeyChange, expireApiKey, insertApiKey, lockAndCountApiKeys } from './api-key-repository.ts';

const MAX_KEYS = limits.ApiKeyCreate.maxPerOrganisation;

export interface NewApiKey {
  name: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/**
 * Creates a customer's key within the organisation's limit.
 *
 * @throws {ApiError} 403 at the limit
 */
export async function createApiKeyWithinLimit(
  tx: Transaction,
  tenant: Tenant,
  key: NewApiKey,
  actor: Actor,
): Promise<{ key: ApiKey; secret: string }> {
  const count = await lockAndCountApiKeys(tx, tenant.orgId);
  if (count >= MAX_KEYS) {
    throw new ApiError('api_key.limit_reached', { values: { count, limit: MAX_KEYS } });
  }
  return addApiKey(tx, tenant, key, actor);
}

/** Creates a customer's key. The secret is only in the result: the database stores its hash. */
export async function createApiKey(
  database: Database,
  tenant: Tenant,
  key: NewApiKey,
  actor: Actor,
): Promise<{ key: ApiKey; secret: string }> {
  return database.transaction((tx) => addApiKey(tx, tenant, key, actor));
}

/**
 * Replaces a key by a new one with the same name, scopes and mode.
 *
 * @param times when the old key and the new one expire
 * @returns the new key; null when the old one has changed, in which case nothing has happened
 */
export async function rotateApiKey(
  database: Database,
  old: ApiKey,
  times: { oldExpiresAt: Date; expiresAt: Date | null },
  actor: Actor,
): Promise<{ key: ApiKey; secret: string } | null> {
  return database.transaction(async (tx) => {
    if (!(await expireApiKey(tx, old, times.oldExpiresAt))) return null;
    const details = { replaces: old.id, until: times.oldExpiresAt.toISOString() };
    const created = await addApiKey(tx, old, { ...old, expiresAt: times.expiresAt }, actor, details);
    await commitKeyChange(tx, old.id);
    return created;
  });
}

async function addApiKey(
  tx: Transaction,
  { orgId, mode }: Tenant,
  { name, scopes, expiresAt }: NewApiKey,
  actor: Actor,
  details?: Record<string, string>,
): Promise<{ key: ApiKey; secret: string }> {
  const { secret, hash, hint } = newSecret(mode);
  const secretHash = new Uint8Array(hash);
  const id = newId('key');
  const row = { orgId, mode, id, name, scopes, hint, secretHash, expiresAt };
  const key = await insertApiKey(tx, row, actor, details);
  return { key, secret };
}
