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
export async function schedulePortrait(tx: Transaction, avatar: AvatarKey): Promise<void> {
  const [counted] = await tx.query<{ waiting: number }>(Prisma.sql`
    SELECT count(*)::int AS waiting FROM avatars WHERE org_id = ${avatar.orgId} AND status = 'processing'`);
  const priority = Math.max(0, (counted?.waiting ?? 0) - 1);
  await tx.query(Prisma.sql`
    SELECT 1 FROM graphile_worker.add_job(${PORTRAIT_TASK}, ${JSON.stringify(payloadOf(avatar))}::json,
      job_key := ${`${PORTRAIT_TASK}:${avatar.id}`}, priority := ${priority}::int)`);
}

/** Schedules overdue portraits again: the jobs of a process that was killed stay locked for hours. */
export async function rescheduleOverduePortraits({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<AvatarKey & { priority: number }>(
    `SELECT org_id AS "orgId", id, (row_number() OVER (PARTITION BY org_id ORDER BY created_at) - 1)::int AS priority
       FROM avatars
      WHERE status = 'processing' AND created_at < now() - make_interval(mins => $1)
      ORDER BY created_at LIMIT $2`,
    [OVERDUE_MINUTES, BATCH],
  );
  if (rows.length === 0) return;
  await pool.query(
    `SELECT graphile_worker.add_job($1, payload, job_key := $1 || ':' || (payload ->> 'id'),
              job_key_mode := 'preserve_run_at', priority := priority)
       FROM unnest($2::json[], $3::int[]) AS overdue (payload, priority)`,
    [
      PORTRAIT_TASK,
      rows.map((avatar) => JSON.stringify(payloadOf(avatar))),
      rows.map(({ priority }) => priority),
    ],
  );
}

function payloadOf({ orgId, id }: AvatarKey): AvatarKey {
  return { orgId, id };
}
