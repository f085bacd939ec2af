import type { Transaction } from '@greenroom/database';

import { spend } from '../accounts/account-repository.ts';
import { newId } from '../ids.ts';
import type { LockedSession } from '../sessions/session-repository.ts';
import { CREDIT_MULTIPLIERS, creditsFor } from './credits.ts';

/** A running session is billed whenever this much is unbilled, so that a long one shows in the usage while it runs. */
export const BILLING_INTERVAL_SECONDS = 60;

/** What is to be billed of a session now. */
export interface Charge {
  seconds: number;
  credits: number;
  /** Of the session with this charge. */
  totalCredits: number;
}

/** Returns what a session delivered since it was billed last; null where that is nothing. */
export function chargeOf({
  mode,
  quality,
  billableSeconds,
  billedSeconds,
  billedCredits,
  firstFrameAt,
}: LockedSession): Charge | null {
  const seconds = billableSeconds - billedSeconds;
  if (seconds <= 0 || firstFrameAt === null) return null;
  // Minutes are rounded up once for the session, so this record costs what the total grew by.
  const totalCredits = mode === 'test' ? 0 : creditsFor(billableSeconds, quality);
  return { seconds, credits: totalCredits - Number(billedCredits), totalCredits };
}

/** What a charge changes in the session itself. */
export function billedFields({ billableSeconds }: LockedSession, { totalCredits }: Charge) {
  return { billedSeconds: billableSeconds, billedCredits: totalCredits };
}

/** Writes the usage event of a charge and debits its credits from what the session reserved. */
export async function recordCharge(tx: Transaction, session: LockedSession, charge: Charge): Promise<void> {
  const { orgId, mode, id, quality, billableSeconds, billedSeconds, firstFrameAt } = session;
  const startMs = firstFrameAt?.getTime() ?? 0;
  const at = (mediaSeconds: number) => new Date(startMs + mediaSeconds * 1000);
  await tx.usageEvent.create({
    data: {
      orgId,
      mode,
      id: newId('use'),
      sessionId: id,
      quality,
      intervalStart: at(billedSeconds),
      intervalEnd: at(billableSeconds),
      billableSeconds: charge.seconds,
      multiplier: CREDIT_MULTIPLIERS[quality],
      credits: charge.credits,
    },
  });
  if (charge.credits > 0) await spend(tx, session, charge.credits);
}

/** Bills a session that goes on, in the transaction that records the delivery: counters and events never disagree. */
export async function bill(tx: Transaction, session: LockedSession): Promise<LockedSession> {
  const charge = chargeOf(session);
  if (charge === null) return session;
  const { orgId, mode, id } = session;
  await recordCharge(tx, session, charge);
  return tx.session.update({
    where: { orgId_mode_id: { orgId, mode, id } },
    data: { ...billedFields(session, charge), creditsReserved: { decrement: charge.credits } },
  });
}
