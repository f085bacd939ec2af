import type { SessionStatus } from '@greenroom/contract';
import { Prisma, type Queries } from '@greenroom/database';

import { CLOCK_TOLERANCE_MS, MAX_FRAMES, type Counters } from '../sessions/live-session.ts';
import { BILLING_INTERVAL_SECONDS } from '../usage/billing.ts';

/** The state of an assignment, which decides the directive for its worker. */
export interface AssignmentStatus {
  status: SessionStatus;
  fence: number;
  workerId: string | null;
}

/** The reported media time, limited as `recordCounters` limits it. */
const MEDIA_MS = `
  greatest(media_ms, least($4::bigint, max_duration_seconds * 1000,
    greatest(0, extract(epoch FROM now() - first_frame_at) * 1000)::bigint + ${CLOCK_TOLERANCE_MS}))::int`;

const RENEW = `
  UPDATE assignments
     SET frames = greatest(frames, least($3::bigint, ${MAX_FRAMES}))::int, media_ms = ${MEDIA_MS},
         lease_until = now() + make_interval(secs => $5)
   WHERE id = $1 AND fence = $2::bigint AND status = ANY ($6)
     AND worker_id IN (SELECT id FROM workers WHERE worker_key_id = $7)
     AND (first_frame_at IS NOT NULL OR ($3::bigint = 0 AND $4::bigint = 0))
     AND ${MEDIA_MS} / 1000 - billed_seconds < ${BILLING_INTERVAL_SECONDS}
  RETURNING status, fence, worker_id AS "workerId"`;

/**
 * Records a report that changes no state, in one statement: increases the counters and renews the lease. Returns null
 * when the report needs more than that, or when the worker does not hold the assignment; both need the session's lock.
 */
export async function renewAssignment(
  queries: Queries,
  sessionId: string,
  { fence, frames, mediaMs }: Counters & { fence: number },
  guard: { statuses: readonly SessionStatus[]; workerKeyId: string; leaseSeconds: number },
): Promise<AssignmentStatus | null> {
  const values = [sessionId, fence, frames, mediaMs, guard.leaseSeconds, guard.statuses, guard.workerKeyId];
  const [renewed] = await queries.query<AssignmentStatus>({ text: RENEW, values });
  return renewed ?? null;
}

export async function findAssignmentStatus(
  queries: Queries,
  sessionId: string,
): Promise<AssignmentStatus | null> {
  const [assignment] = await queries.query<AssignmentStatus>(Prisma.sql`
    SELECT status, fence, worker_id AS "workerId" FROM assignments WHERE id = ${sessionId}`);
  return assignment ?? null;
}

/** The worker that holds a session, and the avatar that it performs. */
export interface AssignmentHolder {
  orgId: string;
  avatarId: string;
  fence: number;
  /** Null when no worker holds the session. */
  workerKeyId: string | null;
}

export async function findHolder(queries: Queries, sessionId: string): Promise<AssignmentHolder | null> {
  const [holder] = await queries.query<AssignmentHolder>(Prisma.sql`
    SELECT org_id AS "orgId", avatar_id AS "avatarId", fence, worker_key_id AS "workerKeyId"
      FROM assignments AS assignment LEFT JOIN workers AS worker ON worker.id = assignment.worker_id
     WHERE assignment.id = ${sessionId}`);
  return holder ?? null;
}
