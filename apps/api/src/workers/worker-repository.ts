import { narrow, Prisma, type Database, type Worker } from '@greenroom/database';

import { currentTime, currentTimeMs } from '../common/clock.ts';

/** A worker that has not been seen for this long is deleted. If it comes back, it registers again. */
const RETENTION_HOURS = 24;
/** Limits the rows left by workers that register repeatedly. */
const MAX_WORKERS_PER_KEY = 1_000;

/** Updates when the worker was last seen. Returns null when the key has no such worker. */
export async function touchWorker(
  { prisma }: Database,
  id: string,
  workerKeyId: string,
): Promise<Worker | null> {
  const [worker] = await prisma.worker.updateManyAndReturn({
    where: { id, workerKeyId },
    data: { lastSeenAt: currentTime() },
  });
  return worker === undefined ? null : narrow(worker);
}

/** Inserts a worker. At the limit of the key, replaces its least recently seen worker without sessions. */
export async function insertWorker(database: Database, worker: Worker): Promise<Worker> {
  const { prisma } = database;
  await database.query(Prisma.sql`
    DELETE FROM workers
     WHERE id IN (SELECT id FROM workers WHERE worker_key_id = ${worker.workerKeyId}
                   ORDER BY last_seen_at DESC OFFSET ${MAX_WORKERS_PER_KEY - 1})
       AND NOT EXISTS (SELECT FROM assignments WHERE worker_id = workers.id)`);
  return narrow(await prisma.worker.create({ data: worker }));
}

export async function deleteUnseenWorkers({ prisma }: Database): Promise<void> {
  const before = new Date(currentTimeMs() - RETENTION_HOURS * 3_600_000);
  await prisma.worker.deleteMany({ where: { lastSeenAt: { lt: before } } });
}

/** A worker with the number of sessions that it holds. */
export type BusyWorker = Worker & { sessions: number };

/** Returns the workers that were seen within the retention, the latest first. */
export function listWorkers(database: Database): Promise<BusyWorker[]> {
  return database.query<BusyWorker>(Prisma.sql`
    SELECT id, name, runtime_type AS "runtimeType", qualities, slots, version, media_url AS "mediaUrl", worker_key_id AS "workerKeyId",
           last_seen_at AS "lastSeenAt",
           (SELECT count(*)::int FROM assignments WHERE assignments.worker_id = workers.id) AS sessions
      FROM workers ORDER BY last_seen_at DESC`);
}
