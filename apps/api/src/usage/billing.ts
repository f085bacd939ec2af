import type { Transaction } from '@greenroom/database';

import { spend } from '../accounts/account-repository.ts';
import { newId } from '../ids.ts';
import type { LockedSession } from '../sessions/session-repository.ts';
import { CREDIT_MULTIPLIERS, creditsFor } from './credits.ts';

/** A running session is billed whenever this much is unbilled, so that a long one shows in the usage while it runs. */
export const BILLING_INTERVAL_SECONDS = 60;

/**
 * Writes the usage event of what a session delivered since the one before, and spends its credits out of what the
 * session reserved. In the transaction that records the delivery, so that the counters and the events never disagree.
 */
export async function bill(tx: Transaction, session: LockedSession): Promise<LockedSession> {
  const { orgId, mode, id, quality, billableSeconds, billedSeconds, firstFrameAt } = session;
  const seconds = billableSeconds - billedSeconds;
  if (seconds <= 0 || firstFrameAt === null) return session;
  // Minutes are rounded up once for the session, so what this record costs is what the total grew by.
  const total = mode === 'test' ? 0 : creditsFor(billableSeconds, quality);
  const credits = total - Number(session.billedCredits);
  const at = (mediaSeconds: number) => new Date(firstFrameAt.getTime() + mediaSeconds * 1000);
  await tx.usageEvent.create({
    data: {
      orgId,
      mode,
      id: newId('use'),
      sessionId: id,
      quality,
      intervalStart: at(billedSeconds),
      intervalEnd: at(billableSeconds),
      billableSeconds: seconds,
      multiplier: CREDIT_MULTIPLIERS[quality],
      credits,
    },
  });
  if (credits > 0) await spend(tx, session, credits);
  return tx.session.update({
    where: { orgId_mode_id: { orgId, mode, id } },
    data: {
      billedSeconds: billableSeconds,
      billedCredits: total,
      creditsReserved: { decrement: credits },
    },
  });
}
