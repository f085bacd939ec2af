import type { Quality } from '@greenroom/contract';
import { Prisma, type Assignment, type Database, type Transaction } from '@greenroom/database';

import { findLandmarks } from '../avatars/portrait-repository.ts';
import type { Landmarks } from '../images/ipc.ts';
import type { SessionRecord } from '../sessions/session-record.ts';
import { findSession } from '../sessions/session-repository.ts';

/** A worker that claims a session. */
export interface Claimant {
  workerId: string;
  /** The runtime types whose sessions it performs; those of the first are claimed first. */
  runtimeTypes: readonly string[];
  qualities: readonly Quality[];
  /** Maximum number of sessions that it performs at once. */
  slots: number;
}

/** A worker's new assignment. */
export type Claimed = Pick<
  Assignment,
  | 'id'
  | 'orgId'
  | 'mode'
  | 'fence'
  | 'avatarId'
  | 'quality'
  | 'runtimeType'
  | 'workerTokenEncrypted'
  | 'workerTokenExpiresAt'
  | 'requestId'
  | 'traceparent'
>;

/** An assignment with the data that its worker needs. */
export interface ClaimedSession extends Claimed {
  session: SessionRecord;
  /** The landmarks of the avatar's portrait; null for a stock avatar and a portrait without them. */
  landmarks: Landmarks | null;
}

/**
 * Assigns the next session to a worker. Returns null when there is none, or when the worker's slots are full.
 *
 * Finds the organisations with a queued session by skipping from one to the next in the queue's index, and takes the
 * oldest session of the organisation that was served longest ago. Skips rows that another claim has locked, so that
 * each session goes to one worker. Locks the worker's row by a separate statement first, so that the count of its
 * sessions includes those of its claims in other processes.
 */
export async function claimNext(
  database: Database,
  { workerId, runtimeTypes, qualities, slots }: Claimant,
  leaseSeconds: number,
): Promise<ClaimedSession | null> {
  return database.transaction(async (tx) => {
    const [, [claimed]] = await Promise.all([
      // FOR UPDATE would also wait for statements that refer to the worker by a foreign key.
      tx.query(Prisma.sql`SELECT FROM workers WHERE id = ${workerId} FOR NO KEY UPDATE`),
      tx.query<Claimed>({ text: CLAIM, values: [workerId, runtimeTypes, qualities, leaseSeconds, slots] }),
    ]);
    if (claimed === undefined) return null;
    const { orgId, mode, id, avatarId } = claimed;
    // Read before the commit, so that a claim that fails assigns nothing.
    const [session, landmarks] = await Promise.all([
      findSession(tx, claimed, id),
      findLandmarks(tx, { orgId, id: avatarId }),
      tx.commit(turnStatement(orgId, mode)),
    ]);
    return session === null ? null : { ...claimed, session, landmarks };
  });
}

/** Separate from the claim, because Citus refuses an insert in a statement with a recursive query. */
function turnStatement(orgId: string, mode: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO dispatch_turns (org_id, mode, served_at) VALUES (${orgId}, ${mode}, clock_timestamp())
    ON CONFLICT (org_id, mode) DO UPDATE SET served_at = EXCLUDED.served_at`;
}

/** The statement of `claimNext`. */
export const CLAIM = `
  WITH RECURSIVE queue AS (
    SELECT first.*, preference FROM unnest($2::text[]) WITH ORDINALITY AS type (name, preference), LATERAL (
      SELECT runtime_type, quality, org_id, mode FROM assignments
       WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = type.name
       ORDER BY quality, org_id, mode LIMIT 1) AS first
    UNION ALL
    SELECT next.*, preference FROM queue, LATERAL (
      SELECT runtime_type, quality, org_id, mode FROM assignments
       WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = queue.runtime_type
         AND (quality, org_id, mode) > (queue.quality, queue.org_id, queue.mode)
       ORDER BY quality, org_id, mode LIMIT 1) AS next
  ), turns AS (
    SELECT queue.* FROM queue LEFT JOIN dispatch_turns AS turn USING (org_id, mode)
     WHERE quality = ANY ($3)
     ORDER BY turn.served_at NULLS FIRST, org_id, mode, preference, quality
  ), picked AS (
    SELECT oldest.* FROM turns, LATERAL (
      SELECT org_id, mode, id FROM assignments
       WHERE status = 'queued' AND worker_id IS NULL AND runtime_type = turns.runtime_type
         AND quality = turns.quality AND org_id = turns.org_id AND mode = turns.mode
       ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) AS oldest
     WHERE (SELECT count(*) FROM assignments WHERE worker_id = $1) < $5
    LIMIT 1
  )
  UPDATE assignments AS assignment
     SET worker_id = $1, fence = fence + 1, assigned_at = now(), lease_until = now() + make_interval(secs => $4)
    FROM picked WHERE assignment.id = picked.id
  RETURNING assignment.id, assignment.org_id AS "orgId", assignment.mode, fence, avatar_id AS "avatarId", quality,
            runtime_type AS "runtimeType", worker_token_encrypted AS "workerTokenEncrypted", worker_token_expires_at AS "workerTokenExpiresAt",
            request_id AS "requestId", traceparent`;

/**
 * Releases a claimed session whose worker disconnected before the response. Returns false when it was already released.
 */
export async function releaseClaim(tx: Transaction, { id, fence }: Claimed): Promise<boolean> {
  const released = await tx.query(Prisma.sql`
    UPDATE assignments SET worker_id = NULL, lease_until = NULL
     WHERE id = ${id} AND fence = ${fence} AND status = 'queued' RETURNING 1`);
  return released.length > 0;
}
