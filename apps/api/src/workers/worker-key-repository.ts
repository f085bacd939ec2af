import type { Database, Prisma } from '@greenroom/database';

import { KEY_CHANNEL } from '../api-keys/api-key-repository.ts';
import { currentTime } from '../common/clock.ts';

export async function insertWorkerKey(
  { prisma }: Database,
  key: Prisma.WorkerKeyUncheckedCreateInput,
): Promise<void> {
  await prisma.workerKey.create({ data: key });
}

/** Revokes a worker key in every process within a second. Returns false when no key has the id. */
export async function revokeWorkerKey(database: Database, id: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const { count } = await tx.workerKey.updateMany({ where: { id }, data: { revokedAt: currentTime() } });
    if (count === 0) return false;
    await tx.$queryRaw`SELECT pg_notify(${KEY_CHANNEL}, ${id})::text`;
    return true;
  });
}
