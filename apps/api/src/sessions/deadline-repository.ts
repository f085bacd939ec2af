import { Prisma, type Database, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

export type SessionKey = Tenant & { id: string };

/** The deadline of a session, by the database's clock. */
export interface Deadline extends SessionKey {
  deadlineAt: string;
  /** At most 0 when it has passed. */
  remainingMs: number;
}

/** Returns deadlines that have passed or will pass within a time, the earliest first, from the one after `after`. */
export async function findDeadlines(
  { pool }: Database,
  { withinMs, after, take }: { withinMs: number; after: Deadline | undefined; take: number },
): Promise<Deadline[]> {
  const { rows } = await pool.query<Deadline>(
    // A session that was claimed in time waits for its worker, which has a lease.
    `SELECT org_id AS "orgId", mode, id, deadline_at::text AS "deadlineAt",
             (extract(epoch FROM deadline_at - clock_timestamp()) * 1000)::float8 AS "remainingMs"
        FROM sessions
       WHERE deadline_at < now() + make_interval(secs => $1)
         AND (deadline_at, id) > ($2::timestamptz, $3)
         AND NOT (status = 'queued' AND worker_id IS NOT NULL)
       ORDER BY deadline_at, id LIMIT $4`,
    [withinMs / 1000, after?.deadlineAt ?? '-infinity', after?.id ?? '', take],
  );
  return rows;
}

/** Returns sessions whose lease has expired, the earliest first. */
export async function findExpiredLeases({ pool }: Database, take: number): Promise<SessionKey[]> {
  const { rows } = await pool.query<SessionKey>(
    `SELECT org_id AS "orgId", mode, id FROM sessions WHERE lease_until < now() ORDER BY lease_until LIMIT $1`,
    [take],
  );
  return rows;
}

/** Returns whether a time of a session has passed, by the database's clock. */
export async function hasPassed(
  tx: Transaction,
  { orgId, mode, id }: SessionKey,
  column: 'deadline_at' | 'lease_until' | 'worker_token_expires_at',
): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions
     WHERE org_id = ${orgId} AND mode = ${mode}::mode AND id = ${id}
       AND ${Prisma.raw(column)} <= clock_timestamp()`;
  return rows.length > 0;
}
