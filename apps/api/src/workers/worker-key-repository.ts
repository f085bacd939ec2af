import { Prisma, type Database, type WorkerKey } from '@greenroom/database';

import { KEY_CHANNEL } from '../authentication/key-repository.ts';
import { currentTime } from '../common/clock.ts';

export async function insertWorkerKey(
  { prisma }: Database,
  key: Prisma.WorkerKeyUncheckedCreateInput,
): Promise<void> {
  await prisma.workerKey.create({ data: key });
}

/** Returns the worker keys that are not revoked, newest first. */
export function listWorkerKeys({ prisma }: Database): Promise<WorkerKey[]> {
  return prisma.workerKey.findMany({ where: { revokedAt: null }, orderBy: { id: 'desc' } });
}

/** Revokes a worker key in every process within a second. Returns false when no key has the id. */
export async function revokeWorkerKey(database: Database, id: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const revoked = await tx.query(Prisma.sql`
      UPDATE worker_keys SET revoked_at = ${currentTime()} WHERE id = ${id} RETURNING 1`);
    if (revoked.length === 0) return false;
    await tx.commit(Prisma.sql`SELECT pg_notify(${KEY_CHANNEL}, ${id})`);
    return true;
  });
}
