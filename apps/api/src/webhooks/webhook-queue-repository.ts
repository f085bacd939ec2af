import { Prisma, type Database, type Queries, type Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { Tenant } from '../common/tenant.ts';
import type { EventRow } from '../events/event-repository.ts';
import { deliveryId, type Attempt } from './webhook-delivery-repository.ts';
import type { EndpointKey } from './webhook-endpoint-repository.ts';

/** The job that wakes an endpoint when a delivery is due. */
export const WEBHOOK_TASK = 'deliver_webhooks';

/** Events that one statement turns into deliveries. */
const EVENTS_AT_ONCE = 200;
/** Pending deliveries that one statement cancels, or deletes. */
const CANCELED_AT_ONCE = 500;
/** Endpoints that one look finds. */
const OVERDUE_AT_ONCE = 500;
/** How long a delivery may be due before another process takes it for forgotten. */
const OVERDUE_SECONDS = 5;
/** An attempt takes 16 s at most. After this time its process has ended. */
const CLAIM_SECONDS = 30;
const MAX_ATTEMPTS_SHOWN = 20;

// Rows to change are given as an array, and joined rows by a limit, so that each is found by its key: the planner would
// scan all rows of an organisation, of which it expects few.

/**
 * Turns the next events into deliveries to an endpoint, in the order of their numbers, from the one after its cursor. As
 * their numbers have the order of the commits, none is left out, and the cursor moves in the statement that inserts.
 *
 * @returns whether more events may follow
 */
export async function fanOut(database: Database, { orgId, mode, id }: EndpointKey): Promise<boolean> {
  const [result] = await database.query<{ count: number }>(Prisma.sql`
    WITH endpoint AS (
      SELECT org_id, event_sequence, event_types FROM webhook_endpoints
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND disabled_reason IS NULL
         FOR NO KEY UPDATE
    ), event AS (
      SELECT id, type, sequence FROM events
       WHERE org_id = ${orgId} AND mode = ${mode}
         AND sequence > (SELECT event_sequence FROM endpoint WHERE org_id = ${orgId})
       ORDER BY sequence LIMIT ${EVENTS_AT_ONCE}::int
    ), delivery AS (
      INSERT INTO webhook_deliveries (org_id, mode, id, endpoint_id, event_id, event_type, next_attempt_at)
      SELECT ${orgId}, ${mode}, ${deliveryId(Prisma.sql`event.id`, Prisma.sql`${id}::text`)}, ${id}, event.id, event.type, now()
        FROM event, endpoint
       WHERE endpoint.org_id = ${orgId} AND (cardinality(event_types) = 0 OR event.type = ANY (event_types))
      ON CONFLICT DO NOTHING
    ), moved AS (
      UPDATE webhook_endpoints AS endpoint SET event_sequence = (SELECT max(sequence) FROM event)
       WHERE endpoint.org_id = ${orgId} AND endpoint.mode = ${mode} AND endpoint.id = ${id}
         AND endpoint.event_sequence < (SELECT max(sequence) FROM event)
    )
    SELECT count(*)::int AS count FROM event`);
  return result?.count === EVENTS_AT_ONCE;
}

/** A delivery that is being attempted, with what the attempt needs. */
export interface Claim extends EndpointKey {
  endpointId: string;
  /** Identifies this attempt. */
  claim: number;
  eventId: string;
  eventType: string;
  /** The event of a test. */
  sample: object | null;
  /** The event; null for a test, or when it was deleted. */
  event: Omit<EventRow, 'orgId' | 'mode'> | null;
  retries: number;
  url: string;
  secretEncrypted: Uint8Array;
  previousSecretEncrypted: Uint8Array | null;
  previousSecretExpiresAt: Date | null;
  /** The failures of its endpoint in a row. */
  failures: number;
}

/**
 * Claims deliveries of an enabled endpoint that are due, oldest first. Of an endpoint that fails, `probes` are claimed,
 * and none in its pause.
 */
export async function claimDeliveries(
  database: Database,
  endpoint: EndpointKey,
  { take, probes }: { take: number; probes: number },
): Promise<Claim[]> {
  const { orgId, mode, id } = endpoint;
  const due = Prisma.sql`
      SELECT org_id, id FROM webhook_deliveries
       WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND next_attempt_at <= now()
         AND (claimed_until IS NULL OR claimed_until <= now())
       ORDER BY next_attempt_at
       LIMIT coalesce((
               SELECT CASE WHEN paused_until > now() THEN 0 WHEN failures > 0 THEN ${probes}::int ELSE ${take}::int END
                 FROM endpoint WHERE org_id = ${orgId}), 0)
         FOR NO KEY UPDATE SKIP LOCKED`;
  return database.query<Claim>(claimStatement(endpoint, due));
}

/** Claims one delivery of an enabled endpoint if it is due, also in a pause. */
export async function claimDelivery(
  database: Database,
  endpoint: EndpointKey,
  deliveryId: string,
): Promise<Claim[]> {
  const { orgId, mode, id } = endpoint;
  const due = Prisma.sql`
      SELECT org_id, id FROM webhook_deliveries
       WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND id = ${deliveryId}
         AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())
         FOR NO KEY UPDATE SKIP LOCKED`;
  return database.query<Claim>(claimStatement(endpoint, due));
}

function claimStatement({ orgId, mode, id }: EndpointKey, due: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH endpoint AS (
      SELECT org_id, url, secret_encrypted, previous_secret_encrypted, previous_secret_expires_at, failures, paused_until
        FROM webhook_endpoints
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND disabled_reason IS NULL
    ), due AS (${due}
    ), claimed AS (
      UPDATE webhook_deliveries AS delivery
         SET claim = claim + 1, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}::int)
       WHERE delivery.org_id = ${orgId} AND delivery.mode = ${mode}
         AND delivery.id = ANY (ARRAY(SELECT id FROM due WHERE org_id = ${orgId}))
         AND EXISTS (SELECT FROM endpoint WHERE org_id = ${orgId})
      RETURNING delivery.org_id, delivery.id, delivery.claim, event_id, event_type, sample, retries, next_attempt_at
    )
    SELECT claimed.org_id AS "orgId", ${mode}::text AS mode, claimed.id, ${id}::text AS "endpointId", claim,
           event_id AS "eventId", event_type AS "eventType", sample, retries, url,
           secret_encrypted AS "secretEncrypted", previous_secret_encrypted AS "previousSecretEncrypted",
           previous_secret_expires_at AS "previousSecretExpiresAt", failures,
           CASE WHEN event.id IS NOT NULL THEN jsonb_build_object(
             'id', event.id, 'sequence', event.sequence, 'type', event.type, 'sessionId', event.session_id,
             'data', event.data) END AS event
      FROM claimed
      JOIN endpoint ON endpoint.org_id = ${orgId}
      LEFT JOIN LATERAL (
        SELECT id, sequence, type, session_id, data FROM events
         WHERE org_id = ${orgId} AND mode = ${mode} AND id = claimed.event_id LIMIT 1
      ) AS event ON true
     WHERE claimed.org_id = ${orgId}
     ORDER BY next_attempt_at`;
}

/** How an attempt ended, and what follows. */
export interface Outcome {
  attempt: Attempt;
  isSuccess: boolean;
  /** Until the next attempt; null when there is none. */
  retrySeconds: number | null;
  /** The pause of the endpoint. */
  pauseSeconds: number;
  /** Whether it says that the endpoint works or fails. */
  concernsHealth: boolean;
}

/** The endpoint after an attempt. */
export interface EndpointHealth {
  failingForSeconds: number;
}

/**
 * Records an attempt: always in the log of its delivery, in the delivery's status unless another attempt was claimed or
 * requested meanwhile, and in the health of the endpoint unless its URL was changed meanwhile. Deletes a previous secret that no longer signs.
 *
 * @returns null if the health of the endpoint is unchanged, or the endpoint was deleted
 */
export async function recordAttempt(
  queries: Queries,
  { orgId, mode, id, endpointId, url, claim, failures }: Claim,
  { attempt, isSuccess, retrySeconds, pauseSeconds, concernsHealth }: Outcome,
): Promise<EndpointHealth | null> {
  const status = isSuccess ? 'succeeded' : retrySeconds === null ? 'failed' : 'pending';
  // Not now(): Citus refuses it in CASE, in COALESCE and after RETURNING.
  const now = currentTime();
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  const nextAttemptAt = retrySeconds === null ? null : after(retrySeconds);
  const delivery = Prisma.sql`
    UPDATE webhook_deliveries
       SET attempts = (CASE WHEN jsonb_array_length(attempts) >= ${MAX_ATTEMPTS_SHOWN}::int THEN attempts - 0 ELSE attempts END)
                      || ${JSON.stringify([attempt])}::jsonb,
           status = CASE WHEN claim = ${claim}::int THEN ${status} ELSE status END,
           retries = CASE WHEN claim = ${claim}::int AND NOT ${isSuccess}::boolean THEN retries + 1 ELSE retries END,
           next_attempt_at = CASE WHEN claim = ${claim}::int THEN ${nextAttemptAt}::timestamptz ELSE next_attempt_at END,
           claimed_until = CASE WHEN claim = ${claim}::int THEN NULL ELSE claimed_until END
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND status <> 'canceled'`;
  if (!concernsHealth) {
    await queries.query(delivery);
    return null;
  }
  // Attempts that were made at once and failed are one failure in a row.
  const health = isSuccess
    ? Prisma.sql`failures = 0, failing_since = NULL, paused_until = NULL`
    : Prisma.sql`
        failures = greatest(failures, ${failures}::int + 1), failing_since = coalesce(failing_since, ${now}::timestamptz),
        paused_until = greatest(paused_until, ${after(pauseSeconds)}::timestamptz)`;
  // A success changes nothing of an endpoint that works. Others may have failed since this attempt was claimed.
  const changed = isSuccess
    ? Prisma.sql`AND (failures > 0 OR previous_secret_expires_at <= ${now}::timestamptz)`
    : Prisma.empty;
  const [endpoint] = await queries.query<EndpointHealth>(Prisma.sql`
    WITH delivery AS (${delivery})
    UPDATE webhook_endpoints
       SET ${health},
           previous_secret_encrypted =
             CASE WHEN previous_secret_expires_at > ${now}::timestamptz THEN previous_secret_encrypted END,
           previous_secret_expires_at =
             CASE WHEN previous_secret_expires_at > ${now}::timestamptz THEN previous_secret_expires_at END
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${endpointId} AND url = ${url} ${changed}
    RETURNING coalesce(extract(epoch FROM ${now}::timestamptz - failing_since), 0)::float8 AS "failingForSeconds"`);
  return endpoint ?? null;
}

/** What an endpoint waits for. */
export interface EndpointState {
  isEnabled: boolean;
  /** Until the next delivery is due and no pause is left; null when none is pending. */
  waitSeconds: number | null;
  /** What is left of its pause. */
  pausedSeconds: number;
}

/** Returns what an endpoint waits for; null if it was deleted. */
export async function findState(
  database: Database,
  { orgId, mode, id }: EndpointKey,
): Promise<EndpointState | null> {
  // Those that are claimed are among the first.
  const [state] = await database.query<EndpointState>(Prisma.sql`
    SELECT disabled_reason IS NULL AS "isEnabled",
           greatest(0, coalesce(extract(epoch FROM paused_until - now()), 0))::float8 AS "pausedSeconds",
           extract(epoch FROM greatest(paused_until, (
             SELECT min(greatest(next_attempt_at, claimed_until)) FROM (
               SELECT next_attempt_at, claimed_until FROM webhook_deliveries
                WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND next_attempt_at IS NOT NULL
                ORDER BY next_attempt_at LIMIT 20) AS pending
           )) - now())::float8
           * CASE WHEN EXISTS (
               SELECT FROM webhook_deliveries
                WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND next_attempt_at IS NOT NULL
             ) THEN 1 END AS "waitSeconds"
      FROM webhook_endpoints WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id}`);
  return state ?? null;
}

/** Cancels a batch of the pending deliveries of a disabled endpoint. Returns whether there may be more. */
export async function cancelDeliveries(
  database: Database,
  { orgId, mode, id }: EndpointKey,
): Promise<boolean> {
  const canceled = await database.query(Prisma.sql`
    UPDATE webhook_deliveries SET status = 'canceled', next_attempt_at = NULL, claimed_until = NULL
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
       SELECT id FROM webhook_deliveries
        WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id} AND next_attempt_at IS NOT NULL
          AND EXISTS (SELECT FROM webhook_endpoints
                       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id} AND disabled_reason IS NOT NULL)
        ORDER BY next_attempt_at LIMIT ${CANCELED_AT_ONCE}::int))
    RETURNING 1`);
  return canceled.length === CANCELED_AT_ONCE;
}

/** Deletes a batch of the deliveries of a deleted endpoint. Returns whether there may be more. */
export async function deleteDeliveries(
  database: Database,
  { orgId, mode, id }: EndpointKey,
): Promise<boolean> {
  const deleted = await database.query(Prisma.sql`
    DELETE FROM webhook_deliveries
     WHERE org_id = ${orgId} AND mode = ${mode} AND id = ANY (ARRAY(
       SELECT id FROM webhook_deliveries
        WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id = ${id}
        ORDER BY id LIMIT ${CANCELED_AT_ONCE}::int))
    RETURNING 1`);
  return deleted.length === CANCELED_AT_ONCE;
}

/**
 * Returns the endpoint with the next id that has deliveries, and whether it was deleted; null if there is none. One look-up
 * in the index, however many deliveries there are.
 */
export async function findEndpointWithDeliveries(
  database: Database,
  { orgId, mode }: Tenant,
  after: string,
): Promise<(EndpointKey & { isDeleted: boolean }) | null> {
  const [endpoint] = await database.query<EndpointKey & { isDeleted: boolean }>(Prisma.sql`
    SELECT org_id AS "orgId", mode, endpoint_id AS id,
           NOT EXISTS (SELECT FROM webhook_endpoints
                        WHERE org_id = ${orgId} AND mode = ${mode} AND id = endpoint_id) AS "isDeleted"
      FROM webhook_deliveries
     WHERE org_id = ${orgId} AND mode = ${mode} AND endpoint_id > ${after}
     ORDER BY endpoint_id LIMIT 1`);
  return endpoint ?? null;
}

/**
 * Returns enabled endpoints with events or deliveries that should have been served by now, and disabled ones whose
 * deliveries should have been canceled: a process was killed, or the events were appended by a program that delivers none.
 *
 * Returns some of them, in random order, so that those that wait for a slot do not hide others.
 */
export async function overdueEndpoints(database: Database): Promise<EndpointKey[]> {
  return database.query<EndpointKey>(Prisma.sql`
    SELECT endpoint.org_id AS "orgId", endpoint.mode, endpoint.id
      FROM webhook_endpoints AS endpoint
      JOIN accounts AS account ON account.org_id = endpoint.org_id AND account.mode = endpoint.mode
     WHERE (disabled_reason IS NULL AND (paused_until IS NULL OR paused_until <= now())
       AND (endpoint.event_sequence < account.event_sequence OR EXISTS (
         SELECT FROM webhook_deliveries AS delivery
          WHERE delivery.org_id = endpoint.org_id AND delivery.mode = endpoint.mode AND endpoint_id = endpoint.id
            AND next_attempt_at <= now() - make_interval(secs => ${OVERDUE_SECONDS}::int)
            AND (claimed_until IS NULL OR claimed_until <= now()))))
        OR (disabled_reason IS NOT NULL AND EXISTS (
         SELECT FROM webhook_deliveries AS delivery
          WHERE delivery.org_id = endpoint.org_id AND delivery.mode = endpoint.mode AND endpoint_id = endpoint.id
            AND next_attempt_at IS NOT NULL))
     ORDER BY random() LIMIT ${OVERDUE_AT_ONCE}::int`);
}

/** Schedules the job that wakes an endpoint. It replaces one that is scheduled. */
export async function scheduleWake(
  database: Database,
  { orgId, mode, id }: EndpointKey,
  seconds: number,
): Promise<void> {
  await database.query(Prisma.sql`
    SELECT 1 FROM graphile_worker.add_job(${WEBHOOK_TASK}, ${JSON.stringify({ orgId, mode, id })}::json,
      job_key := ${`${WEBHOOK_TASK}:${id}`}, run_at := now() + make_interval(secs => ${seconds}::float8))`);
}

/** Removes the job that wakes an endpoint, in the transaction that deletes it. */
export async function removeWake(tx: Transaction, id: string): Promise<void> {
  await tx.query(Prisma.sql`SELECT 1 FROM graphile_worker.remove_job(${`${WEBHOOK_TASK}:${id}`})`);
}
