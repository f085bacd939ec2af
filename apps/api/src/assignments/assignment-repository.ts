import type { Quality, SessionStatus } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { BILLING_INTERVAL_SECONDS } from '../usage/billing.ts';
import { SESSION_COLUMNS, type SessionRecord } from '../sessions/session-record.ts';
import type { Tenant } from '../common/tenant.ts';

/** What a worker claims for. */
export interface Claimant {
  workerId: string;
  runtimeType: string;
  qualities: readonly Quality[];
  /** Sessions that it can hold at once. */
  slots: number;
}

/** A session as it is handed to a worker. */
export type ClaimedSession = SessionRecord & {
  fence: number;
  workerTokenEncrypted: Uint8Array;
  workerTokenExpiresAt: Date | null;
};

/**
 * Hands the next session to a worker, or answers null.
 *
 * The organisations that have one queued are found by skipping from one to the next in the queue's index; of them the
 * one that was served longest ago comes first, with its oldest session. Rows that another claim is taking are skipped,
 * so that a session goes to exactly one worker. A worker whose slots are all taken gets none: its row is locked first, by
 * a statement before, so that the count sees what its claims at other processes were given.
 */
export async function assignNext(
  { pool }: Database,
  claimant: Claimant,
  leaseSeconds: number,
): Promise<ClaimedSession | null> {
  const { workerId } = claimant;
  const client = await pool.connect();
  let failure: unknown;
  try {
    // One round trip. Not FOR UPDATE, which would wait for every statement that refers to the worker.
    await client.query(
      `BEGIN; SELECT FROM workers WHERE id = ${client.escapeLiteral(workerId)} FOR NO KEY UPDATE`,
    );
    const { rows } = await client.query<ClaimedSession>(nextFor(claimant, leaseSeconds));
    await client.query('COMMIT');
    return rows[0] ?? null;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // The transaction of a connection that is closed is rolled back.
    client.release(failure !== undefined);
  }
}

function nextFor({ workerId, runtimeType, qualities, slots }: Claimant, leaseSeconds: number) {
  return {
    name: 'assign-next',
    text: `
      WITH RECURSIVE queue AS (
        (SELECT quality, org_id, mode FROM sessions
          WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = $2
          ORDER BY quality, org_id, mode LIMIT 1)
        UNION ALL
        SELECT next.* FROM queue, LATERAL (
          SELECT quality, org_id, mode FROM sessions
           WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = $2
             AND (quality, org_id, mode) > (queue.quality, queue.org_id, queue.mode)
           ORDER BY quality, org_id, mode LIMIT 1) AS next
      ), turns AS (
        SELECT queue.* FROM queue LEFT JOIN dispatch_turns AS turn USING (org_id, mode)
         WHERE quality = ANY ($3::quality[])
         ORDER BY turn.served_at NULLS FIRST, org_id, mode, quality
      ), picked AS (
        SELECT oldest.* FROM turns, LATERAL (
          SELECT org_id, mode, id FROM sessions
           WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = $2
             AND quality = turns.quality AND org_id = turns.org_id AND mode = turns.mode
           ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) AS oldest
         WHERE (SELECT count(*) FROM sessions WHERE worker_id = $1) < $5
        LIMIT 1
      ), served AS (
        INSERT INTO dispatch_turns (org_id, mode, served_at) SELECT org_id, mode, clock_timestamp() FROM picked
        ON CONFLICT (org_id, mode) DO UPDATE SET served_at = EXCLUDED.served_at
      ), assigned AS (
        UPDATE sessions AS session
           SET worker_id = $1, fence = fence + 1, assigned_at = now(),
               lease_until = now() + make_interval(secs => $4)
          FROM picked
         WHERE session.org_id = picked.org_id AND session.mode = picked.mode AND session.id = picked.id
        RETURNING session.*
      )
      SELECT ${SESSION_COLUMNS}, fence, worker_token_encrypted AS "workerTokenEncrypted",
             worker_token_expires_at AS "workerTokenExpiresAt" FROM assigned`,
    values: [workerId, runtimeType, qualities, leaseSeconds, slots],
  };
}

/** Counters of a report, totals all. */
export interface Counters {
  fence: number;
  frames: number;
  mediaMs: number;
}

/** No media can be older than the first frame; clocks of two machines differ by this much. */
const CLOCK_TOLERANCE_MS = 2_000;
const MAX_FRAMES = 2 ** 31 - 1;

/** What the worker says it delivered, as far as the time since its first frame and the session's length allow it. */
const MEDIA_MS = `
  greatest(media_ms, least($4::bigint, max_duration_seconds * 1000,
    greatest(0, extract(epoch FROM now() - first_frame_at) * 1000)::bigint + ${CLOCK_TOLERANCE_MS}))::int`;

const METER = `
  UPDATE sessions
     SET frames = greatest(frames, least($3::bigint, ${MAX_FRAMES}))::int,
         media_ms = ${MEDIA_MS}, billable_seconds = ${MEDIA_MS} / 1000,
         lease_until = now() + make_interval(secs => $5)
   WHERE id = $1 AND fence = $2::bigint`;

/** What a worker that reports has to know. */
export interface AssignmentStatus {
  status: SessionStatus;
  fence: number;
  workerId: string | null;
}

/**
 * Records a report that moves nothing, in one statement: counters grow and the lease is renewed. Null where there is
 * more to do, or the assignment is not this worker's: then the whole is looked at under the session's lock.
 */
export async function renewAssignment(
  { pool }: Database,
  sessionId: string,
  { fence, frames, mediaMs }: Counters,
  guard: { statuses: readonly SessionStatus[]; workerKeyId: string; leaseSeconds: number },
): Promise<AssignmentStatus | null> {
  const { rows } = await pool.query<AssignmentStatus>({
    name: 'renew-assignment',
    text: `${METER}
       AND status = ANY ($6::session_status[])
       AND worker_id IN (SELECT id FROM workers WHERE worker_key_id = $7)
       AND (first_frame_at IS NOT NULL OR ($3::bigint = 0 AND $4::bigint = 0))
       AND ${MEDIA_MS} / 1000 - billed_seconds < ${BILLING_INTERVAL_SECONDS}
      RETURNING status, fence, worker_id AS "workerId"`,
    values: [sessionId, fence, frames, mediaMs, guard.leaseSeconds, guard.statuses, guard.workerKeyId],
  });
  return rows[0] ?? null;
}

/** The same inside a transaction that holds the session's lock. */
export async function recordCounters(
  tx: Transaction,
  sessionId: string,
  { fence, frames, mediaMs }: Counters,
  leaseSeconds: number,
): Promise<void> {
  await tx.$executeRawUnsafe(METER, sessionId, fence, frames, mediaMs, leaseSeconds);
}

/** Who holds a session now. */
export async function findAssignmentStatus(
  { pool }: Database,
  sessionId: string,
): Promise<AssignmentStatus | null> {
  const { rows } = await pool.query<AssignmentStatus>({
    name: 'assignment-status',
    text: `SELECT status, fence, worker_id AS "workerId" FROM sessions WHERE id = $1`,
    values: [sessionId],
  });
  return rows[0] ?? null;
}

/** Who holds a session, and with which avatar. */
export interface AssignmentHolder {
  orgId: string;
  avatarId: string;
  fence: number;
  /** Null where no worker has it. */
  workerKeyId: string | null;
}

export async function findAssignmentHolder(
  { pool }: Database,
  sessionId: string,
): Promise<AssignmentHolder | null> {
  const { rows } = await pool.query<AssignmentHolder>({
    name: 'assignment-holder',
    text: `
      SELECT org_id AS "orgId", avatar_id AS "avatarId", fence, worker_key_id AS "workerKeyId"
        FROM sessions AS session LEFT JOIN workers AS worker ON worker.id = session.worker_id
       WHERE session.id = $1`,
    values: [sessionId],
  });
  return rows[0] ?? null;
}

/** Whose session it is: workers know it by its id alone. */
export async function findTenant(tx: Transaction, sessionId: string): Promise<Tenant | null> {
  return tx.session.findFirst({ where: { id: sessionId }, select: { orgId: true, mode: true } });
}

/** Releases a claimed session whose worker disconnected before it received it. Returns whether it was still claimed. */
export async function releaseClaim(tx: Transaction, { id, fence }: ClaimedSession): Promise<boolean> {
  const { count } = await tx.session.updateMany({
    where: { id, fence, status: 'queued' },
    data: { workerId: null, leaseUntil: null },
  });
  return count > 0;
}
