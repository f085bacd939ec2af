import type { Database, Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

import { ApiError } from '../errors/api-error.ts';
import type { Pictures } from '../pictures/pictures.ts';
import { settleAvatar } from './avatar-repository.ts';
import {
  deleteOriginal,
  purgePortraits,
  replaceOriginal,
  takeUpOriginal,
  type AvatarKey,
} from './portrait-repository.ts';

/** The job that makes the portrait of what was uploaded. */
export const PORTRAIT_TASK = 'process_portrait';

/** A picture that its process has not survived, or not finished, so many times is given up. */
const MAX_ATTEMPTS = 3;
/** Processing takes a second; by then its process has died, or has more to do than it can. */
const OVERDUE_MINUTES = 1;
const BATCH = 100;

/**
 * Schedules the portrait of a new avatar, in the transaction that creates it. Its rank among the avatars of its
 * organisation that wait is its priority, so that organisations take turns.
 */
export async function schedulePortrait(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM graphile_worker.add_job(${PORTRAIT_TASK}, ${JSON.stringify({ orgId, id })}::json,
      job_key := ${jobKey(id)},
      priority := (SELECT count(*) - 1 FROM avatars WHERE org_id = ${orgId} AND status = 'processing')::int)`;
}

/** Makes an avatar ready, or failed with the reason. Done twice, it is done once. */
export function processPortrait(database: Database, pictures: Pictures, log: Logger) {
  return async (payload: unknown): Promise<void> => {
    const avatar = payload as AvatarKey;
    const taken = await takeUpOriginal(database, avatar);
    if (taken === null) return;
    const outcome =
      taken.attempts > MAX_ATTEMPTS ? GIVEN_UP : await portraitOf(pictures, avatar.orgId, taken.original);
    await database.transaction(async (tx) => {
      const failureReason = 'failureReason' in outcome ? outcome.failureReason : null;
      // Deleted meanwhile, it has taken with it what was uploaded.
      if (!(await settleAvatar(tx, avatar, failureReason))) return;
      if ('picture' in outcome) await replaceOriginal(tx, avatar, outcome.picture);
      else await deleteOriginal(tx, avatar);
      log.info({ avatar: avatar.id, ready: failureReason === null }, 'portrait processed');
    });
  };
}

type Outcome = { picture: Uint8Array<ArrayBuffer> } | { failureReason: string };

const GIVEN_UP: Outcome = {
  failureReason:
    'The image could not be processed in several attempts. Save it in another format or size and try again.',
};

async function portraitOf(pictures: Pictures, orgId: string, original: Uint8Array): Promise<Outcome> {
  try {
    return { picture: await pictures.render(orgId, original) };
  } catch (error) {
    if (error instanceof ApiError) return { failureReason: error.message };
    throw error;
  }
}

/**
 * Has avatars processed whose job is overdue (a process that is killed keeps its jobs for hours), and erases what no
 * session shows any more.
 */
export function sweepPortraits(database: Database) {
  return async (): Promise<void> => {
    await database.pool.query(
      `SELECT graphile_worker.add_job($1, json_build_object('orgId', org_id, 'id', id),
                job_key := $1 || ':' || id, job_key_mode := 'preserve_run_at',
                priority := (row_number() OVER (PARTITION BY org_id ORDER BY created_at) - 1)::int)
         FROM avatars
        WHERE status = 'processing' AND created_at < now() - make_interval(mins => $2)
        ORDER BY created_at LIMIT $3`,
      [PORTRAIT_TASK, OVERDUE_MINUTES, BATCH],
    );
    await purgePortraits(database);
  };
}

function jobKey(id: string): string {
  return `${PORTRAIT_TASK}:${id}`;
}
