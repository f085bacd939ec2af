import type { Quality, SessionStatus } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { ALL_SESSION_COLUMNS, SESSION_COLUMNS, type SessionRecord } from '../sessions/session-record.ts';
import type { LockedSession } from '../sessions/session-repository.ts';
import { BILLING_INTERVAL_SECONDS } from '../usage/billing.ts';

/** A worker that claims a session. */
export interface Claimant {
  workerId: string;
  runtimeType: string;
  qualities: readonly Quality[];
  /** Maximum number of sessions that it performs at once. */
  slots: number;
}

export type ClaimedSession = SessionRecord & {
  fence: number;
  workerTokenEncrypted: Uint8Array;
  workerTokenExpiresAt: Date | null;
};

/**
 * Assigns the next session to a worker. Returns null when there is none, or when the worker's slots are full.
 *
 * Finds the organisations with a queued session by skipping from one to the next in the queue's index, and takes the
 * oldest session of the organisation that was served longest ago. Skips rows that another claim has locked, so that each
 * session goes to one worker. Locks the worker's row by a separate statement first, so that the count of its sessions
 * includes those that its claims in other processes got.
 */
export async function claimNext(
  { pool }: Database,
  claimant: Claimant,
  leaseSeconds: number,
): Promise<ClaimedSession | null> {
  const { workerId } = claimant;
  const client = await pool.connect();
  let failed = true;
  try {
    // FOR UPDATE would also wait for statements that refer to the worker by a foreign key.
    await client.query(
      `BEGIN; SELECT FROM workers WHERE id = ${client.escapeLiteral(workerId)} FOR NO KEY UPDATE`,
    );
    const { rows } = await client.query<ClaimedSession>(claimStatement(claimant, leaseSeconds));
    await client.query('COMMIT');
    failed = false;
    return rows[0] ?? null;
  } finally {
    // Closing the connection rolls its transaction back.
    client.release(failed);
  }
}

function claimStatement({ workerId, runtimeType, qualities, slots }: Claimant, leaseSeconds: number) {
  return {
    name: 'claim-next',
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

/** The counters of a report. They are totals since the start. */
export interface Counters {
  fence: number;
  frames: number;
  mediaMs: number;
}

/** The clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE_MS = 2_000;
const MAX_FRAMES = 2 ** 31 - 1;

/** The reported media time, limited by the time since the first frame and by the maximum duration. */
const MEDIA_MS = `
  greatest(media_ms, least($4::bigint, max_duration_seconds * 1000,
    greatest(0, extract(epoch FROM now() - first_frame_at) * 1000)::bigint + ${CLOCK_TOLERANCE_MS}))::int`;

const RECORD_COUNTERS = `
  UPDATE sessions
     SET frames = greatest(frames, least($3::bigint, ${MAX_FRAMES}))::int,
         media_ms = ${MEDIA_MS}, billable_seconds = ${MEDIA_MS} / 1000,
         lease_until = now() + make_interval(secs => $5)
   WHERE id = $1 AND fence = $2::bigint`;

/** The state of an assignment, which decides the directive for its worker. */
export interface AssignmentStatus {
  status: SessionStatus;
  fence: number;
  workerId: string | null;
}

/**
 * Records a report that changes no state, in one statement: increases the counters and renews the lease. Returns null
 * when the report needs more than that, or when the worker does not hold the assignment; both need the session's lock.
 */
export async function renewAssignment(
  { pool }: Database,
  sessionId: string,
  { fence, frames, mediaMs }: Counters,
  guard: { statuses: readonly SessionStatus[]; workerKeyId: string; leaseSeconds: number },
): Promise<AssignmentStatus | null> {
  const { rows } = await pool.query<AssignmentStatus>({
    name: 'renew-assignment',
    text: `${RECORD_COUNTERS}
       AND status = ANY ($6::session_status[])
       AND worker_id IN (SELECT id FROM workers WHERE worker_key_id = $7)
       AND (first_frame_at IS NOT NULL OR ($3::bigint = 0 AND $4::bigint = 0))
       AND ${MEDIA_MS} / 1000 - billed_seconds < ${BILLING_INTERVAL_SECONDS}
      RETURNING status, fence, worker_id AS "workerId"`,
    values: [sessionId, fence, frames, mediaMs, guard.leaseSeconds, guard.statuses, guard.workerKeyId],
  });
  return rows[0] ?? null;
}

/** Increases the counters and renews the lease of a session that the transaction has locked. */
export async function recordCounters(
  tx: Transaction,
  { orgId, mode, id }: LockedSession,
  { fence, frames, mediaMs }: Counters,
  leaseSeconds: number,
): Promise<LockedSession> {
  await tx.$executeRawUnsafe(RECORD_COUNTERS, id, fence, frames, mediaMs, leaseSeconds);
  return tx.session.findUniqueOrThrow({ where: { orgId_mode_id: { orgId, mode, id } } });
}

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

/** The worker that holds a session, and the avatar that it performs. */
export interface AssignmentHolder {
  orgId: string;
  avatarId: string;
  fence: number;
  /** Null when no worker holds the session. */
  workerKeyId: string | null;
}

export async function findHolder({ pool }: Database, sessionId: string): Promise<AssignmentHolder | null> {
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

/**
 * Locks a session, which workers know by its id alone. Returns it with the key of the worker that holds it, or null when
 * there is none with this id.
 */
export async function lockAssignment(
  tx: Transaction,
  sessionId: string,
): Promise<{ session: LockedSession; workerKeyId: string | null } | null> {
  const [row] = await tx.$queryRawUnsafe<(LockedSession & { workerKeyId: string | null })[]>(
    `SELECT ${ALL_SESSION_COLUMNS},
            (SELECT worker_key_id FROM workers WHERE workers.id = sessions.worker_id) AS "workerKeyId"
       FROM sessions WHERE id = $1 FOR UPDATE`,
    sessionId,
  );
  if (row === undefined) return null;
  const { workerKeyId, ...session } = row;
  return { session, workerKeyId };
}

/** Releases a claimed session whose worker disconnected before it got it. Returns false when it was released before. */
export async function releaseClaim(tx: Transaction, { id, fence }: ClaimedSession): Promise<boolean> {
  const { count } = await tx.session.updateMany({
    where: { id, fence, status: 'queued' },
    data: { workerId: null, leaseUntil: null },
  });
  return count > 0;
}
