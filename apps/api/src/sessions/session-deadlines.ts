import type { Database, Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

import type { Tenant } from '../tenant.ts';
import { moves } from './lifecycle.ts';
import { applyMove, lockSession } from './session-repository.ts';

/** The job that looks at a session when the deadline of its state has come. */
export const DEADLINE_TASK = 'session_deadline';

interface DeadlinePayload extends Tenant {
  id: string;
}

/** In the transaction that sets the deadline, so that there is never one without a job to keep it. */
export async function scheduleDeadline(
  tx: Transaction,
  { orgId, mode, id, deadlineAt }: DeadlinePayload & { deadlineAt: Date | null },
): Promise<void> {
  const payload: DeadlinePayload = { orgId, mode, id };
  await tx.$queryRaw`
    SELECT 1 FROM graphile_worker.add_job(${DEADLINE_TASK}, ${JSON.stringify(payload)}::json,
      run_at := ${deadlineAt}, job_key := ${`${DEADLINE_TASK}:${id}`})`;
}

/** Moves a session whose deadline has passed; one that was moved in time is left as it is. */
export function keepDeadline(database: Database, log: Logger) {
  return async (payload: unknown): Promise<void> => {
    const { orgId, mode, id } = payload as DeadlinePayload;
    await database.transaction(async (tx) => {
      const session = await lockSession(tx, { orgId, mode }, id);
      if (session?.deadlineAt == null || session.deadlineAt.getTime() > Date.now()) return;
      const moved = await applyMove(tx, session, moves.giveUpWaiting);
      if (moved !== null) log.info({ session: id, reason: moves.giveUpWaiting.reason }, 'deadline passed');
    });
  };
}
