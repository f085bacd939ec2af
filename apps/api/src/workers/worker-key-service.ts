import type { Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { KEY_CHANNEL } from '../api-keys/api-key-repository.ts';
import { newSecret } from '../authentication/key-secret.ts';
import { newId } from '../common/ids.ts';

/** Makes a worker's key. The secret is in this answer and nowhere else: only its hash is stored. */
export async function createWorkerKey(
  { prisma }: Database,
  name: string,
): Promise<{ id: string; secret: string }> {
  const { secret, hash, hint } = newSecret('worker');
  const { id } = await prisma.workerKey.create({
    data: { id: newId('wkk'), name, hint, secretHash: new Uint8Array(hash) },
  });
  return { id, secret };
}

/** Revokes a worker's key, on every process within a second; false where there is none with this id. */
export async function revokeWorkerKey(database: Database, id: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const { count } = await tx.workerKey.updateMany({ where: { id }, data: { revokedAt: currentTime() } });
    if (count === 0) return false;
    await tx.$queryRaw`SELECT pg_notify(${KEY_CHANNEL}, ${id})::text`;
    return true;
  });
}
