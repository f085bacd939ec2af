import type { components } from '@greenroom/contract';
import { Prisma, type Database } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import { lowestIdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { document } from '../document/document.ts';
import type { EndpointKey } from './webhook-endpoint-repository.ts';

export type Attempt = components['schemas']['WebhookAttempt'];

export interface DeliveryRow extends Tenant {
  id: string;
  endpointId: string;
  eventId: string;
  eventType: string;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  attempts: Attempt[];
  nextAttemptAt: Date | null;
}

const COLUMNS = Prisma.raw(`
  delivery.org_id AS "orgId", delivery.mode, delivery.id, endpoint_id AS "endpointId", event_id AS "eventId",
  event_type AS "eventType", status, attempts, next_attempt_at AS "nextAttemptAt"`);

const DAY_MS = 24 * 60 * 60 * 1000;
/** As the document states it. */
export const RETENTION_DAYS = Number(document.components.schemas['WebhookDelivery']?.['x-retention-days']);

/**
 * Returns the id of the delivery of an event to an endpoint, in SQL: the time of the event's ULID, and characters that both
 * ids determine. So a delivery that two processes insert is one row.
 */
export function deliveryId(eventId: Prisma.Sql, endpointId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    'whd_' || substr(${eventId}, 5, 10) || upper(substr(encode(sha256((${eventId} || ${endpointId})::bytea), 'hex'), 1, 16))`;
}

/** Returns deliveries of an endpoint, newest first. */
export async function listDeliveries(
  database: Database,
  { orgId, mode, id }: EndpointKey,
  { before, take }: { before: string; take: number },
): Promise<DeliveryRow[]> {
  return database.query<DeliveryRow>(Prisma.sql`
    SELECT ${COLUMNS} FROM webhook_deliveries AS delivery
     WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND id < ${before}
       AND id >= ${lowestKeptId()}
     ORDER BY id DESC LIMIT ${take}::int`);
}

/** Returns a delivery; null if there is none, or its endpoint was deleted. */
export async function findDelivery(
  database: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<DeliveryRow | null> {
  const [delivery] = await database.query<DeliveryRow>(Prisma.sql`
    SELECT ${COLUMNS}
      FROM webhook_deliveries AS delivery
      JOIN webhook_endpoints AS endpoint
        ON endpoint.org_id = ${orgId} AND endpoint.mode = ${mode} AND endpoint.id = delivery.endpoint_id
     WHERE delivery.org_id = ${orgId} AND delivery.mode = ${mode} AND delivery.id = ${id}
       AND delivery.id >= ${lowestKeptId()}`);
  return delivery ?? null;
}

/** Inserts the delivery of a sample, which is due at once. Returns null if the endpoint is not enabled. */
export async function insertSample(
  database: Database,
  { orgId, mode, id }: EndpointKey,
  sample: components['schemas']['Event'],
): Promise<DeliveryRow | null> {
  const [delivery] = await database.query<DeliveryRow>(Prisma.sql`
    INSERT INTO webhook_deliveries AS delivery
           (org_id, mode, id, endpoint_id, event_id, event_type, sample, next_attempt_at)
    SELECT ${orgId}, ${mode}, ${deliveryId(Prisma.sql`${sample.id}::text`, Prisma.sql`${id}::text`)}, ${id}, ${sample.id},
           ${sample.type}, ${JSON.stringify(sample)}::json, now()
      FROM webhook_endpoints
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND disabled_reason IS NULL
    RETURNING ${COLUMNS}`);
  return delivery ?? null;
}

/**
 * Makes a delivery due at once, with all retries before it. An attempt in progress does not change this. Returns null if
 * its endpoint is not enabled.
 */
export async function requestDelivery(
  database: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<DeliveryRow | null> {
  const [delivery] = await database.query<DeliveryRow>(Prisma.sql`
    UPDATE webhook_deliveries AS delivery
       SET status = 'pending', next_attempt_at = now(), retries = 0, claim = claim + 1, claimed_until = NULL
      FROM webhook_endpoints AS endpoint
     WHERE delivery.org_id = ${orgId} AND delivery.mode = ${mode} AND delivery.id = ${id}
       AND endpoint.org_id = ${orgId} AND endpoint.mode = ${mode} AND endpoint.id = delivery.endpoint_id
       AND endpoint.disabled_reason IS NULL
    RETURNING ${COLUMNS}`);
  return delivery ?? null;
}

function lowestKeptId(): string {
  return lowestIdAt('whd', new Date(currentTimeMs() - RETENTION_DAYS * DAY_MS));
}
