import type { Session, Transaction } from '@greenroom/database';

import { debitCredits } from '../accounts/account-repository.ts';
import { createdAt, newId } from '../common/ids.ts';
import { CREDIT_MULTIPLIERS, creditsFor } from './credits.ts';
import { monthOf } from './period.ts';
import { addToMonth, insertUsageEvent, updateBilledSession } from './usage-repository.ts';

/** A running session is billed at this interval, so that the usage shows it while it runs. */
export const BILLING_INTERVAL_SECONDS = 60;

/** The unbilled usage of a session. */
export interface Charge {
  seconds: number;
  credits: number;
  /** Of the session, including this charge. */
  totalCredits: number;
}

/** Returns the charge for the usage of a session since it was last billed; null where there is none. */
export function chargeOf({
  mode,
  quality,
  billableSeconds,
  billedSeconds,
  billedCredits,
  firstFrameAt,
}: Session): Charge | null {
  const seconds = billableSeconds - billedSeconds;
  if (seconds <= 0 || firstFrameAt === null) return null;
  // Minutes are rounded up once per session, so a charge is the growth of the total.
  const totalCredits = mode === 'test' ? 0 : creditsFor(billableSeconds, quality);
  return { seconds, credits: totalCredits - Number(billedCredits), totalCredits };
}

/** Returns the fields of a session that a charge changes. */
export function billedFields({ billableSeconds }: Session, { totalCredits }: Charge) {
  return { billedSeconds: billableSeconds, billedCredits: totalCredits };
}

/**
 * Writes the usage event of a charge, adds it to its month, and debits its credits from those that the session
 * reserved.
 */
export async function recordCharge(tx: Transaction, session: Session, charge: Charge): Promise<void> {
  const { orgId, mode, id, quality, billableSeconds, billedSeconds, firstFrameAt } = session;
  const startMs = firstFrameAt?.getTime() ?? 0;
  const at = (mediaSeconds: number) => new Date(startMs + mediaSeconds * 1000);
  const eventId = newId('use');
  await addToMonth(tx, session, charge, monthOf(createdAt(eventId)).start);
  await insertUsageEvent(tx, {
    orgId,
    mode,
    id: eventId,
    sessionId: id,
    quality,
    intervalStart: at(billedSeconds),
    intervalEnd: at(billableSeconds),
    billableSeconds: charge.seconds,
    multiplier: CREDIT_MULTIPLIERS[quality],
    credits: charge.credits,
  });
  if (charge.credits > 0) await debitCredits(tx, session, charge.credits);
}

/** Bills a running session, in the transaction that records its usage, so that counters and events always agree. */
export async function bill(tx: Transaction, session: Session): Promise<Session> {
  const charge = chargeOf(session);
  if (charge === null) return session;
  await recordCharge(tx, session, charge);
  return updateBilledSession(tx, session, billedFields(session, charge), charge.credits);
}
