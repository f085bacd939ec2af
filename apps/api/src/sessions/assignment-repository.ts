import { Prisma, type Assignment, type Database, type Queries, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import { selectColumns } from './session-record.ts';

/** The assignment of a live session, locked by a transaction. */
export interface LockedAssignment extends Omit<Assignment, 'workerTokenEncrypted' | 'traceparent'> {
  /** The key of the worker that holds it; null when none does. */
  workerKeyId: string | null;
  /** The database's time when it was locked. */
  now: Date;
}

const COLUMNS = [
  'id',
  'orgId',
  'mode',
  'status',
  'avatarId',
  'quality',
  'runtimeType',
  'maxDurationSeconds',
  'workerTokenExpiresAt',
  'workerId',
  'fence',
  'assignedAt',
  'leaseUntil',
  'requeues',
  'deadlineAt',
  'startedAt',
  'firstFrameAt',
  'frames',
  'mediaMs',
  'billedSeconds',
  'requestId',
] as const satisfies (keyof LockedAssignment)[];

const LOCKED_COLUMNS = Prisma.raw(`
  ${selectColumns(COLUMNS)}, billed_credits::float8 AS "billedCredits", credits_reserved::float8 AS "creditsReserved",
  (SELECT worker_key_id FROM workers WHERE workers.id = worker_id) AS "workerKeyId", clock_timestamp() AS now`);

/** The columns that a create sets. */
export type NewAssignment = Pick<
  Assignment,
  | 'id'
  | 'orgId'
  | 'mode'
  | 'avatarId'
  | 'quality'
  | 'runtimeType'
  | 'maxDurationSeconds'
  | 'workerTokenEncrypted'
  | 'workerTokenExpiresAt'
  | 'deadlineAt'
  | 'creditsReserved'
  | 'requestId'
  | 'traceparent'
>;

/** Returns the statement that queues a new session. */
export function insertStatement(assignment: NewAssignment, status: Assignment['status']): Prisma.Sql {
  const { id, orgId, mode, avatarId, quality, runtimeType, maxDurationSeconds } = assignment;
  const { workerTokenEncrypted, workerTokenExpiresAt, deadlineAt, creditsReserved, requestId, traceparent } =
    assignment;
  return Prisma.sql`
    INSERT INTO assignments (id, org_id, mode, status, avatar_id, quality, runtime_type, max_duration_seconds,
                             worker_token_encrypted, worker_token_expires_at, deadline_at, credits_reserved,
                             request_id, traceparent)
    VALUES (${id}, ${orgId}, ${mode}, ${status}, ${avatarId}, ${quality}, ${runtimeType}, ${maxDurationSeconds},
            ${workerTokenEncrypted}, ${workerTokenExpiresAt}, ${deadlineAt}, ${creditsReserved}, ${requestId},
            ${traceparent})`;
}

/**
 * Locks the assignment of a session until the transaction ends. Returns null when the session is not live.
 *
 * @param tenant the owner of the session; workers and sweeps, which know only its id, pass none
 * @param skipLocked also returns null instead of waiting for another transaction that has locked it
 */
export async function lockAssignment(
  tx: Transaction,
  id: string,
  { tenant, skipLocked = false }: { tenant?: Tenant; skipLocked?: boolean } = {},
): Promise<LockedAssignment | null> {
  const owner = tenant && Prisma.sql`AND org_id = ${tenant.orgId} AND mode = ${tenant.mode}`;
  const [assignment] = await tx.query<LockedAssignment>(Prisma.sql`
    SELECT ${LOCKED_COLUMNS} FROM assignments WHERE id = ${id} ${owner ?? Prisma.empty}
       FOR UPDATE ${skipLocked ? Prisma.raw('SKIP LOCKED') : Prisma.empty}`);
  return assignment ?? null;
}

/** Returns the statement that stores a locked assignment as it is now. */
export function updateStatement(assignment: LockedAssignment): Prisma.Sql {
  const { id, status, workerId, fence, leaseUntil, requeues, deadlineAt, startedAt, firstFrameAt } =
    assignment;
  const { frames, mediaMs, billedSeconds, billedCredits, creditsReserved } = assignment;
  return Prisma.sql`
    UPDATE assignments
       SET status = ${status}, worker_id = ${workerId}, fence = ${fence}, lease_until = ${leaseUntil},
           requeues = ${requeues}, deadline_at = ${deadlineAt}, started_at = ${startedAt},
           first_frame_at = ${firstFrameAt}, frames = ${frames}, media_ms = ${mediaMs},
           billed_seconds = ${billedSeconds}, billed_credits = ${billedCredits}, credits_reserved = ${creditsReserved}
     WHERE id = ${id}`;
}

/** Returns the statement that deletes the assignment of a session that is over. */
export function deleteStatement({ id }: LockedAssignment): Prisma.Sql {
  return Prisma.sql`DELETE FROM assignments WHERE id = ${id}`;
}

/** The state of a session over a WebSocket, and the base address of the worker that holds it; null when none does. */
export interface MediaHost extends Pick<Assignment, 'status'> {
  mediaUrl: string | null;
}

/** Returns the worker that serves a session's media. Returns null when the session is over. */
export async function findMediaHost({ pool }: Database, id: string): Promise<MediaHost | null> {
  const { rows } = await pool.query<MediaHost>({
    name: 'find-media-host',
    text: `SELECT status, media_url AS "mediaUrl"
             FROM assignments AS assignment LEFT JOIN workers AS worker ON worker.id = assignment.worker_id
            WHERE assignment.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** The deadline of a session, by the database's clock. */
export interface Deadline {
  id: string;
  deadlineAt: string;
  /** At most 0 when it has passed. */
  remainingMs: number;
}

/** Returns deadlines that have passed or will pass within a time, the earliest first, from the one after `after`. */
export function findDeadlines(
  queries: Queries,
  { withinMs, after, take }: { withinMs: number; after: Deadline | undefined; take: number },
): Promise<Deadline[]> {
  // A session that was claimed in time waits for its worker, which has a lease.
  return queries.query<Deadline>(Prisma.sql`
    SELECT id, deadline_at::text AS "deadlineAt",
           (extract(epoch FROM deadline_at - clock_timestamp()) * 1000)::float8 AS "remainingMs"
      FROM assignments
     WHERE deadline_at < now() + make_interval(secs => ${withinMs / 1000})
       AND (deadline_at, id) > (${after?.deadlineAt ?? '-infinity'}::timestamptz, ${after?.id ?? ''})
       AND NOT (status = 'queued' AND worker_id IS NOT NULL)
     ORDER BY deadline_at, id LIMIT ${take}`);
}

/** A lease of a session, by the database's clock. */
export interface Lease {
  id: string;
  leaseUntil: string;
}

/**
 * Returns leases that have expired, the earliest first, from the one after `after`. No index has leases: reports change
 * them.
 */
export function findExpiredLeases(
  queries: Queries,
  { after, take }: { after: Lease | undefined; take: number },
): Promise<Lease[]> {
  return queries.query<Lease>(Prisma.sql`
    SELECT id, lease_until::text AS "leaseUntil"
      FROM assignments
     WHERE lease_until < now()
       AND (lease_until, id) > (${after?.leaseUntil ?? '-infinity'}::timestamptz, ${after?.id ?? ''})
     ORDER BY lease_until, id LIMIT ${take}`);
}
