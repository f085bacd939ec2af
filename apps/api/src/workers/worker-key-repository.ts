import { Prisma, type Database, type WorkerKey } from '@greenroom/database';

import { auditStatement, type Actor } from '../audit/audit-repository.ts';
import { keyChangeStatement } from '../authentication/key-repository.ts';
import { currentTime } from '../common/clock.ts';

/** Inserts a worker key, and records it. */
export async function insertWorkerKey(
  database: Database,
  { id, name, hint, secretHash }: Pick<WorkerKey, 'id' | 'name' | 'hint' | 'secretHash'>,
  actor: Actor,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.commit(
      Prisma.sql`
        INSERT INTO worker_keys (id, name, hint, secret_hash) VALUES (${id}, ${name}, ${hint}, ${secretHash})`,
      auditStatement(actor, { orgId: null, action: 'worker_key.create', objectId: id, details: { name } }),
    );
  });
}

/** Resolves with whether there is a worker key with this id, even a revoked one. */
export async function isWorkerKey({ prisma }: Database, id: string): Promise<boolean> {
  return (await prisma.workerKey.findUnique({ where: { id }, select: { id: true } })) !== null;
}

/** Returns the worker keys that are not revoked, newest first. */
export function listWorkerKeys({ prisma }: Database): Promise<WorkerKey[]> {
  return prisma.workerKey.findMany({ where: { revokedAt: null }, orderBy: { id: 'desc' } });
}

/**
 * Revokes a worker key, on every process within a second.
 *
 * @returns whether there was such a key that was not revoked
 */
export async function revokeWorkerKey(database: Database, id: string, actor: Actor): Promise<boolean> {
  return database.transaction(async (tx) => {
    const revoked = await tx.query(Prisma.sql`
      UPDATE worker_keys SET revoked_at = ${currentTime()} WHERE id = ${id} AND revoked_at IS NULL RETURNING 1`);
    if (revoked.length === 0) return false;
    await tx.commit(
      auditStatement(actor, { orgId: null, action: 'worker_key.revoke', objectId: id }),
      keyChangeStatement(id),
    );
    return true;
  });
}
