import { Prisma, type Database, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** Announces that the endpoints of a tenant have changed: `<organisation> <mode>`. */
export const WEBHOOK_CHANNEL = 'greenroom_webhooks';

export type EndpointKey = Tenant & { id: string };

/** An endpoint, without its secrets. */
export interface EndpointRow extends EndpointKey {
  url: string;
  description: string;
  eventTypes: string[];
  disabledReason: string | null;
}

const COLUMNS = Prisma.raw(`
  org_id AS "orgId", mode, id, url, description, event_types AS "eventTypes", disabled_reason AS "disabledReason"`);

/**
 * Locks the organisation until the transaction ends, so that the limit holds, and returns the number of the tenant's
 * endpoints.
 */
export async function lockAndCountEndpoints(tx: Transaction, { orgId, mode }: Tenant): Promise<number> {
  const [, [counted]] = await Promise.all([
    tx.query(Prisma.sql`SELECT 1 FROM orgs WHERE id = ${orgId} FOR NO KEY UPDATE`),
    tx.query<{ count: number }>(Prisma.sql`
      SELECT count(*)::int AS count FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode}`),
  ]);
  return counted?.count ?? 0;
}

/** Inserts an endpoint, which gets the events that are appended from now on, and notifies every process. */
export async function insertEndpoint(
  tx: Transaction,
  endpoint: Omit<EndpointRow, 'disabledReason'>,
  secretEncrypted: Uint8Array<ArrayBuffer>,
): Promise<EndpointRow> {
  const { orgId, mode, id, url, description, eventTypes } = endpoint;
  await Promise.all([
    tx.query(Prisma.sql`
    INSERT INTO webhook_endpoints (org_id, mode, id, url, description, event_types, secret_encrypted, event_sequence)
    SELECT org_id, ${mode}, ${id}, ${url}, ${description}, ${eventTypes}::text[], ${secretEncrypted}::bytea, event_sequence
      FROM accounts WHERE org_id = ${orgId} AND mode = ${mode}`),
    tx.query(endpointChanged(endpoint)),
  ]);
  return { ...endpoint, disabledReason: null };
}

/** Notifies every process that a tenant's endpoints have changed, and commits. */
export async function commitEndpointChange(tx: Transaction, { orgId, mode }: Tenant): Promise<void> {
  await tx.commit(endpointChanged({ orgId, mode }));
}

function endpointChanged({ orgId, mode }: Tenant): Prisma.Sql {
  return Prisma.sql`SELECT pg_notify(${WEBHOOK_CHANNEL}, ${`${orgId} ${mode}`})`;
}

/** Returns endpoints, newest first. */
export async function listEndpoints(
  database: Database,
  { orgId, mode }: Tenant,
  { before, take }: { before: string; take: number },
): Promise<EndpointRow[]> {
  return database.query<EndpointRow>(Prisma.sql`
    SELECT ${COLUMNS} FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND id < ${before}
     ORDER BY id DESC LIMIT ${take}::int`);
}

export async function findEndpoint(
  database: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<EndpointRow | null> {
  const [endpoint] = await database.query<EndpointRow>(Prisma.sql`
    SELECT ${COLUMNS} FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id}`);
  return endpoint ?? null;
}

/** Returns an endpoint, which no other transaction changes until this one ends; null if there is none. */
export async function lockEndpoint(
  tx: Transaction,
  { orgId, mode, id }: EndpointKey,
): Promise<EndpointRow | null> {
  const [endpoint] = await tx.query<EndpointRow>(Prisma.sql`
    SELECT ${COLUMNS} FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id}
       FOR NO KEY UPDATE`);
  return endpoint ?? null;
}

/** The fields that an update sets; undefined keeps one. */
export interface EndpointChanges {
  url: string | undefined;
  description: string | undefined;
  eventTypes: string[] | undefined;
  isEnabled: boolean | undefined;
}

/**
 * Changes an endpoint. One that becomes enabled gets the events that are appended from now on: what is still pending from
 * before is canceled. It counts as healthy, as does one that gets another URL.
 *
 * @returns the endpoint after the change; null if there is none
 */
export async function updateEndpoint(
  tx: Transaction,
  { orgId, mode, id }: EndpointKey,
  { url, description, eventTypes, isEnabled }: EndpointChanges,
): Promise<EndpointRow | null> {
  const enables = Prisma.sql`(${isEnabled ?? null}::boolean IS TRUE AND endpoint.disabled_reason IS NOT NULL)`;
  const recovers = Prisma.sql`(${enables} OR endpoint.url <> ${url ?? null}::text)`;
  const [endpoint] = await tx.query<EndpointRow>(Prisma.sql`
    WITH canceled AS (
      UPDATE webhook_deliveries SET status = 'canceled', next_attempt_at = NULL, claimed_until = NULL
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
         SELECT delivery.id FROM webhook_deliveries AS delivery
           JOIN webhook_endpoints AS endpoint
             ON endpoint.org_id = ${orgId} AND endpoint.mode = ${mode} AND endpoint.id = ${id}
          WHERE delivery.org_id = ${orgId} AND delivery.mode = ${mode} AND delivery.endpoint_id = ${id}
            AND delivery.next_attempt_at IS NOT NULL AND ${enables}))
    )
    UPDATE webhook_endpoints AS endpoint
       SET url = coalesce(${url ?? null}, url),
           description = coalesce(${description ?? null}, description),
           event_types = coalesce(${eventTypes ?? null}::text[], event_types),
           disabled_reason = CASE ${isEnabled ?? null}::boolean
             WHEN true THEN NULL WHEN false THEN coalesce(disabled_reason, 'requested') ELSE disabled_reason END,
           event_sequence = CASE WHEN ${enables} THEN account.event_sequence ELSE endpoint.event_sequence END,
           failures = CASE WHEN ${recovers} THEN 0 ELSE failures END,
           failing_since = CASE WHEN ${recovers} THEN NULL ELSE failing_since END,
           paused_until = CASE WHEN ${recovers} THEN NULL ELSE paused_until END
      FROM accounts AS account
     WHERE endpoint.org_id = ${orgId} AND endpoint.mode = ${mode} AND endpoint.id = ${id}
       AND account.org_id = ${orgId} AND account.mode = ${mode}
    RETURNING endpoint.org_id AS "orgId", endpoint.mode, endpoint.id, url, description, event_types AS "eventTypes",
              disabled_reason AS "disabledReason"`);
  return endpoint ?? null;
}

/**
 * Replaces the secret of an endpoint. The previous one also signs until `previousExpiresAt`.
 *
 * @returns the endpoint; null if there is none
 */
export async function replaceSecret(
  tx: Transaction,
  { orgId, mode, id }: EndpointKey,
  secretEncrypted: Uint8Array<ArrayBuffer>,
  previousExpiresAt: Date,
): Promise<EndpointRow | null> {
  const [endpoint] = await tx.query<EndpointRow>(Prisma.sql`
    UPDATE webhook_endpoints
       SET previous_secret_encrypted = secret_encrypted, previous_secret_expires_at = ${previousExpiresAt}::timestamptz,
           secret_encrypted = ${secretEncrypted}::bytea
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id}
    RETURNING ${COLUMNS}`);
  return endpoint ?? null;
}

/** Deletes an endpoint. Returns whether there was one. */
export async function deleteEndpoint(tx: Transaction, { orgId, mode, id }: EndpointKey): Promise<boolean> {
  const deleted = await tx.query(Prisma.sql`
    DELETE FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} RETURNING 1`);
  return deleted.length > 0;
}

/** Disables an endpoint that is enabled. Returns it; null if there is none. */
export async function disableEndpoint(
  tx: Transaction,
  { orgId, mode, id, url }: EndpointKey & { url: string },
  reason: string,
): Promise<EndpointRow | null> {
  const [endpoint] = await tx.query<EndpointRow>(Prisma.sql`
    UPDATE webhook_endpoints SET disabled_reason = ${reason}
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND url = ${url} AND disabled_reason IS NULL
    RETURNING ${COLUMNS}`);
  return endpoint ?? null;
}

/** Returns the ids of a tenant's enabled endpoints. */
export async function enabledEndpoints(database: Database, { orgId, mode }: Tenant): Promise<string[]> {
  const rows = await database.query<{ id: string }>(Prisma.sql`
    SELECT id FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND disabled_reason IS NULL`);
  return rows.map(({ id }) => id);
}
