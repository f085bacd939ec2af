import type { Database, Prisma, Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** An idempotency key of a tenant. */
export interface TenantKey {
  tenant: Tenant;
  key: string;
}

/** A response as it is stored. */
export interface StoredResponse {
  fingerprint: Uint8Array<ArrayBuffer>;
  statusCode: number;
  headers: Prisma.JsonValue;
  body: string;
  expiresAt: Date;
}

/** Locks a name until the transaction ends; false where another transaction holds it. */
export async function tryLock(tx: Transaction, lock: bigint): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(${lock}) AS held`;
  return row?.held === true;
}

export function findResponse(tx: Transaction, key: TenantKey): Promise<StoredResponse | null> {
  return tx.idempotencyRecord.findUnique({ where: uniqueKey(key) });
}

/** Stores a response in place of an expired one. */
export async function saveResponse(
  tx: Transaction,
  key: TenantKey,
  response: StoredResponse & { headers: Record<string, string> },
): Promise<void> {
  const { orgId, mode } = key.tenant;
  const create = { orgId, mode, key: key.key, ...response };
  await tx.idempotencyRecord.upsert({ where: uniqueKey(key), create, update: response });
}

/** Deletes expired responses. */
export async function purgeResponses({ pool }: Database): Promise<void> {
  await pool.query('DELETE FROM idempotency_records WHERE expires_at < now()');
}

function uniqueKey({ tenant: { orgId, mode }, key }: TenantKey) {
  return { orgId_mode_key: { orgId, mode, key } };
}
