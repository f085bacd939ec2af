import { Prisma, type Database, type Queries, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** An idempotency key of a tenant. */
export interface TenantIdempotencyKey {
  tenant: Tenant;
  key: string;
}

/** A stored response. */
export interface StoredResponse {
  fingerprint: Uint8Array<ArrayBuffer>;
  statusCode: number;
  headers: Prisma.JsonValue;
  body: string;
  expiresAt: Date;
}

/**
 * Locks a key until the transaction ends, and reads the response that is stored under it. Returns undefined when another
 * transaction has locked the key, and null when no response is stored.
 */
export async function lockKey(
  tx: Transaction,
  { tenant: { orgId, mode }, key }: TenantIdempotencyKey,
  lock: bigint,
): Promise<StoredResponse | null | undefined> {
  const [row] = await tx.query<StoredResponse & { isLocked: boolean; isStored: boolean }>(Prisma.sql`
    SELECT pg_try_advisory_xact_lock(${lock}) AS "isLocked", key IS NOT NULL AS "isStored", fingerprint,
           status_code AS "statusCode", headers, body, expires_at AS "expiresAt"
      FROM (SELECT) AS one
      LEFT JOIN idempotency_records ON org_id = ${orgId} AND mode = ${mode} AND key = ${key}`);
  if (row?.isLocked !== true) return undefined;
  return row.isStored ? row : null;
}

/** A statement that stores a response. It returns a row, or none when a response is stored that has not expired. */
export type StoreStatement = Prisma.Sql;

/** Returns the statement that stores a response. */
export function storeStatement(
  { tenant: { orgId, mode }, key }: TenantIdempotencyKey,
  { fingerprint, statusCode, headers, body, expiresAt }: StoredResponse,
  now: Date,
): StoreStatement {
  return Prisma.sql`
    INSERT INTO idempotency_records AS record
           (org_id, mode, key, fingerprint, status_code, headers, body, expires_at)
    VALUES (${orgId}, ${mode}, ${key}, ${fingerprint}, ${statusCode}, ${JSON.stringify(headers)}::jsonb, ${body},
            ${expiresAt}::timestamptz)
    ON CONFLICT (org_id, mode, key) DO UPDATE
       SET fingerprint = EXCLUDED.fingerprint, status_code = EXCLUDED.status_code, headers = EXCLUDED.headers,
           body = EXCLUDED.body, expires_at = EXCLUDED.expires_at
     WHERE record.expires_at <= ${now}::timestamptz
    RETURNING 1`;
}

/** Replaces a stored response, if it still has this status and body. */
export async function replaceResponse(
  queries: Queries,
  { tenant: { orgId, mode }, key }: TenantIdempotencyKey,
  stored: Pick<StoredResponse, 'statusCode' | 'body'>,
  { statusCode, headers, body, expiresAt }: Omit<StoredResponse, 'fingerprint'>,
): Promise<void> {
  await queries.query(Prisma.sql`
    UPDATE idempotency_records
       SET status_code = ${statusCode}, headers = ${JSON.stringify(headers)}::jsonb, body = ${body},
           expires_at = ${expiresAt}::timestamptz
     WHERE org_id = ${orgId} AND mode = ${mode} AND key = ${key}
       AND status_code = ${stored.statusCode} AND body = ${stored.body}`);
}

/** Deletes a stored response, if it still has this status and body. */
export async function deleteResponse(
  queries: Queries,
  { tenant: { orgId, mode }, key }: TenantIdempotencyKey,
  { statusCode, body }: Pick<StoredResponse, 'statusCode' | 'body'>,
): Promise<void> {
  await queries.query(Prisma.sql`
    DELETE FROM idempotency_records
     WHERE org_id = ${orgId} AND mode = ${mode} AND key = ${key}
       AND status_code = ${statusCode} AND body = ${body}`);
}

/** Stores a response. Returns false when another transaction stored one just before the key was locked. */
export async function storeResponse(tx: Transaction, statement: StoreStatement): Promise<boolean> {
  return (await tx.query(statement)).length > 0;
}

const PURGE_BATCH = 500;

/** Deletes expired responses, in batches of a short statement for each tenant. */
export async function purgeResponses({ pool }: Database): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<Tenant & { keys: string[] }>(
      `SELECT org_id AS "orgId", mode, array_agg(key) AS keys
         FROM (SELECT org_id, mode, key FROM idempotency_records WHERE expires_at < now()
                ORDER BY expires_at LIMIT $1) AS expired
        GROUP BY org_id, mode`,
      [PURGE_BATCH],
    );
    for (const { orgId, mode, keys } of rows) {
      await pool.query(
        `DELETE FROM idempotency_records WHERE org_id = $1 AND mode = $2 AND key = ANY ($3) AND expires_at < now()`,
        [orgId, mode, keys],
      );
    }
    if (rows.reduce((count, { keys }) => count + keys.length, 0) < PURGE_BATCH) return;
  }
}
