import { lifecycle } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';

/** Which avatar: its owner and its id. */
export interface AvatarKey {
  orgId: string;
  id: string;
}

/** How long after its avatar a portrait is kept at least: a session may be on its way in with it. */
const GRACE_MINUTES = 5;
const LIVE = lifecycle.live.map((status) => `'${status}'`).join();

/** SQL, because Prisma's own insert takes twice the time for as many bytes. */
export async function insertOriginal(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  original: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO avatar_portraits (org_id, avatar_id, original) VALUES (${orgId}, ${id}, ${original})`;
}

/** What was uploaded, and how many times it has been taken up; null where there is nothing to process any more. */
export async function takeUpOriginal(
  { pool }: Database,
  { orgId, id }: AvatarKey,
): Promise<{ original: Buffer; attempts: number } | null> {
  const { rows } = await pool.query<{ original: Buffer; attempts: number }>({
    text: `
      UPDATE avatar_portraits SET attempts = attempts + 1
       WHERE org_id = $1 AND avatar_id = $2 AND original IS NOT NULL
      RETURNING original, attempts`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** The portrait takes the place of what was uploaded. */
export async function replaceOriginal(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  picture: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await tx.avatarPortrait.updateMany({ where: { orgId, avatarId: id }, data: { original: null, picture } });
}

/** Erases what was uploaded and never became a portrait. */
export async function deleteOriginal(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.avatarPortrait.deleteMany({ where: { orgId, avatarId: id, picture: null } });
}

/** The portrait of an avatar that is gone is kept for the sessions that show it; see purgePortraits. */
export async function retirePortrait(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.avatarPortrait.updateMany({ where: { orgId, avatarId: id }, data: { deletedAt: currentTime() } });
}

/** Erases the portraits of deleted avatars that no live session shows. */
export async function purgePortraits({ pool }: Database): Promise<void> {
  await pool.query(
    `DELETE FROM avatar_portraits p
      WHERE deleted_at < now() - make_interval(mins => $1)
        AND NOT EXISTS (
          SELECT 1 FROM sessions s
           WHERE s.org_id = p.org_id AND s.mode = ANY (enum_range(NULL::mode)) AND s.avatar_id = p.avatar_id
             AND s.status IN (${LIVE}))`,
    [GRACE_MINUTES],
  );
}

/** The portrait that a session of this avatar shows, whether the avatar is still there or not. */
export async function findPortrait({ pool }: Database, { orgId, id }: AvatarKey): Promise<Uint8Array | null> {
  const { rows } = await pool.query<{ picture: Buffer }>({
    name: 'get-portrait',
    text: 'SELECT picture FROM avatar_portraits WHERE org_id = $1 AND avatar_id = $2 AND picture IS NOT NULL',
    values: [orgId, id],
  });
  return rows[0]?.picture ?? null;
}
