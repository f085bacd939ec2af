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

/** Removes the jobs of an organisation's avatars. One that runs ends within seconds. */
export async function removePortraitJobs({ pool }: Database, orgId: string): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM avatars WHERE org_id = $1 AND status = 'processing'`,
    [orgId],
  );
  if (rows.length === 0) return;
  await pool.query(
    `SELECT graphile_worker.remove_job($1 || ':' || id) FROM unnest($2::text[]) AS removed (id)`,
    [PORTRAIT_TASK, rows.map(({ id }) => id)],
  );
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

/** A job locked for this long belongs to a killed process. */
const ABANDONED_MINUTES = 10;

/** Deletes the jobs of killed processes that were replaced or removed: the library keeps them, with their avatars. */
export async function deleteAbandonedPortraitJobs({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<{ id: string; worker: string | null }>(
    `SELECT id, locked_by AS worker FROM graphile_worker.jobs
      WHERE task_identifier = $1 AND key IS NULL
        AND CASE WHEN locked_at IS NULL THEN attempts >= max_attempts ELSE locked_at < now() - make_interval(mins => $2) END
      LIMIT $3`,
    [PORTRAIT_TASK, ABANDONED_MINUTES, BATCH],
  );
  if (rows.length === 0) return;
  const workers = rows.flatMap(({ worker }) => worker ?? []);
  await pool.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [workers]);
  await pool.query('SELECT count(*) FROM graphile_worker.complete_jobs($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
}

function payloadOf({ orgId, id }: AvatarKey): AvatarKey {
  return { orgId, id };
}
