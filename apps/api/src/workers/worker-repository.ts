import type { Database, Worker } from '@greenroom/database';

import { currentTime, currentTimeMs } from '../common/clock.ts';

/** A worker that is not heard of for this long is forgotten: it registers again. */
const FORGOTTEN_AFTER_HOURS = 24;

/** Notes that the worker was heard of; null where there is no such worker of this key. */
export async function touchWorker(
  { prisma }: Database,
  id: string,
  workerKeyId: string,
): Promise<Worker | null> {
  const [worker] = await prisma.worker.updateManyAndReturn({
    where: { id, workerKeyId },
    data: { lastSeenAt: currentTime() },
  });
  return worker ?? null;
}

export function insertWorker({ prisma }: Database, worker: Worker): Promise<Worker> {
  return prisma.worker.create({ data: worker });
}

export async function forgetWorkers({ prisma }: Database): Promise<void> {
  const before = new Date(currentTimeMs() - FORGOTTEN_AFTER_HOURS * 3_600_000);
  await prisma.worker.deleteMany({ where: { lastSeenAt: { lt: before } } });
}
