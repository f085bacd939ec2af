import { lifecycle } from '@greenroom/contract';
import { Prisma, type Database, type Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { Portrait } from '../images/image-processor.ts';

/** An avatar's owner and id. */
export interface AvatarKey {
  orgId: string;
  id: string;
}

/** The minimum time that the portrait of a deleted avatar is kept: a session that is being created may show it. */
const GRACE_MINUTES = 5;
const LIVE = lifecycle.live.map((status) => `'${status}'`).join();

/** Stores the source image of a new avatar. */
export async function insertSourceImage(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  sourceImage: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await tx.query(Prisma.sql`
    INSERT INTO avatar_portraits (org_id, avatar_id, original) VALUES (${orgId}, ${id}, ${sourceImage})`);
}

/** Counts an attempt at a source image. Returns it with the number of attempts; null if none is left to process. */
export async function takeSourceImage(
  { pool }: Database,
  { orgId, id }: AvatarKey,
): Promise<{ sourceImage: Buffer; attempts: number } | null> {
  const { rows } = await pool.query<{ sourceImage: Buffer; attempts: number }>({
    text: `
      UPDATE avatar_portraits SET attempts = attempts + 1
       WHERE org_id = $1 AND avatar_id = $2 AND original IS NOT NULL
      RETURNING original AS "sourceImage", attempts`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Replaces the source image with the portrait. */
export async function storePortrait(
  tx: Transaction,
  { orgId, id }: AvatarKey,
  { image, landmarks }: Portrait,
): Promise<void> {
  await tx.query(Prisma.sql`
    UPDATE avatar_portraits SET original = NULL, picture = ${image}, landmarks = ${JSON.stringify(landmarks)}::jsonb
     WHERE org_id = ${orgId} AND avatar_id = ${id}`);
}

/** Erases a source image that did not become a portrait. */
export async function deleteSourceImage(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.query(Prisma.sql`
    DELETE FROM avatar_portraits WHERE org_id = ${orgId} AND avatar_id = ${id} AND picture IS NULL`);
}

/** Marks the portrait of a deleted avatar. It is kept for the sessions that show it, until `purgePortraits`. */
export async function retirePortrait(tx: Transaction, { orgId, id }: AvatarKey): Promise<void> {
  await tx.query(Prisma.sql`
    UPDATE avatar_portraits SET deleted_at = ${currentTime()} WHERE org_id = ${orgId} AND avatar_id = ${id}`);
}

const PURGE_BATCH = 100;

/** Erases the portraits of deleted avatars that no live session shows, in batches. */
export async function purgePortraits({ pool }: Database): Promise<void> {
  let last = { deletedAt: new Date(0), orgId: '', id: '' };
  for (;;) {
    const { rows } = await pool.query<typeof last>(
      `SELECT org_id AS "orgId", avatar_id AS id, deleted_at AS "deletedAt" FROM avatar_portraits
        WHERE deleted_at < now() - make_interval(mins => $1) AND (deleted_at, org_id, avatar_id) > ($2, $3, $4)
        ORDER BY deleted_at, org_id, avatar_id LIMIT $5`,
      [GRACE_MINUTES, last.deletedAt, last.orgId, last.id, PURGE_BATCH],
    );
    for (const { orgId, id } of rows) {
      await pool.query(
        `DELETE FROM avatar_portraits AS portrait
          WHERE org_id = $1 AND avatar_id = $2
            AND NOT EXISTS (
              SELECT FROM sessions
               WHERE org_id = $1 AND mode IN ('test', 'live') AND avatar_id = $2 AND status IN (${LIVE}))`,
        [orgId, id],
      );
    }
    last = rows.at(-1) ?? last;
    if (rows.length < PURGE_BATCH) return;
  }
}

/** Returns the landmarks of an avatar's portrait, even of a deleted avatar; null if there are none. */
export async function findLandmarks(
  tx: Transaction,
  { orgId, id }: AvatarKey,
): Promise<Portrait['landmarks'] | null> {
  const [row] = await tx.query<{ landmarks: Portrait['landmarks'] | null }>(Prisma.sql`
    SELECT landmarks FROM avatar_portraits WHERE org_id = ${orgId} AND avatar_id = ${id}`);
  return row?.landmarks ?? null;
}

/** Returns the portrait of an avatar, even of a deleted one; null if there is none. */
export async function findPortrait({ pool }: Database, { orgId, id }: AvatarKey): Promise<Uint8Array | null> {
  const { rows } = await pool.query<{ portrait: Buffer }>({
    name: 'get-portrait',
    text: `
      SELECT picture AS portrait FROM avatar_portraits
       WHERE org_id = $1 AND avatar_id = $2 AND picture IS NOT NULL`,
    values: [orgId, id],
  });
  return rows[0]?.portrait ?? null;
}
