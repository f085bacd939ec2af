import { Prisma, type Database, type Transaction } from '@greenroom/database';

import type { AvatarKey } from './portrait-repository.ts';

/** The job that renders the portrait of a source image. */
export const PORTRAIT_TASK = 'process_portrait';

/** Processing takes a second. After this time its process has ended, or is overloaded. */
const OVERDUE_MINUTES = 1;
const BATCH = 100;

/**
 * Schedules the portrait of a new avatar, in the transaction that creates it. The priority is the number of the
 * organisation's avatars that wait, so that organisations are served round-robin.
 */
export async function schedulePortrait(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.query(Prisma.sql`
    SELECT 1 FROM graphile_worker.add_job(${PORTRAIT_TASK}, ${JSON.stringify({ orgId, id })}::json,
      job_key := ${`${PORTRAIT_TASK}:${id}`},
      priority := (SELECT count(*) - 1 FROM avatars WHERE org_id = ${orgId} AND status = 'processing')::int)`);
}

/** Schedules overdue portraits again: the jobs of a process that was killed stay locked for hours. */
export async function rescheduleOverduePortraits({ pool }: Database): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.add_job($1, json_build_object('orgId', org_id, 'id', id),
              job_key := $1 || ':' || id, job_key_mode := 'preserve_run_at',
              priority := (row_number() OVER (PARTITION BY org_id ORDER BY created_at) - 1)::int)
       FROM avatars
      WHERE status = 'processing' AND created_at < now() - make_interval(mins => $2)
      ORDER BY created_at LIMIT $3`,
    [PORTRAIT_TASK, OVERDUE_MINUTES, BATCH],
  );
}
