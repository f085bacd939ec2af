import type { Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** The job that looks at a session when the deadline of its state has come. */
export const DEADLINE_TASK = 'session_deadline';

/** What the job is told: which session. */
export interface DeadlinePayload extends Tenant {
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
      run_at := ${deadlineAt}, job_key := ${jobKey(id)})`;
}

/** The session is over: nobody has to look again. */
export async function cancelDeadline(tx: Transaction, id: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM graphile_worker.remove_job(${jobKey(id)})`;
}

function jobKey(id: string): string {
  return `${DEADLINE_TASK}:${id}`;
}
