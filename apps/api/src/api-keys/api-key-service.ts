import { limits, type Scope } from '@greenroom/contract';
import type { ApiKey, Database, Transaction } from '@greenroom/database';

import { newSecret } from '../authentication/key-secret.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { ApiError } from '../errors/api-error.ts';
import { countApiKeys, insertApiKey } from './api-key-repository.ts';

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
): Promise<{ key: ApiKey; secret: string }> {
  const count = await countApiKeys(tx, tenant.orgId);
  if (count >= MAX_KEYS) {
    throw new ApiError('api_key.limit_reached', { values: { count, limit: MAX_KEYS } });
  }
  return addApiKey(tx, tenant, key);
}

/** Creates a customer's key. The secret is only in the result: the database stores its hash. */
export async function createApiKey(
  database: Database,
  tenant: Tenant,
  key: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  return database.transaction((tx) => addApiKey(tx, tenant, key));
}

async function addApiKey(
  tx: Transaction,
  { orgId, mode }: Tenant,
  { name, scopes, expiresAt }: NewApiKey,
): Promise<{ key: ApiKey; secret: string }> {
  const { secret, hash, hint } = newSecret(mode);
  const secretHash = new Uint8Array(hash);
  const id = newId('key');
  const key = await insertApiKey(tx, { orgId, mode, id, name, scopes, hint, secretHash, expiresAt });
  return { key, secret };
}
