import type { Session, Transaction } from '@greenroom/database';

import { debitCredits } from '../accounts/account-repository.ts';
import { createdAt, lowestIdAt, newId } from '../common/ids.ts';
import { CREDIT_MULTIPLIERS, creditsFor } from './credits.ts';
import { monthOf } from './period.ts';

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
}: Session): Charge | null {
  const seconds = billableSeconds - billedSeconds;
  if (seconds <= 0 || firstFrameAt === null) return null;
  // Minutes are rounded up once for the session, so this record costs what the total grew by.
  const totalCredits = mode === 'test' ? 0 : creditsFor(billableSeconds, quality);
  return { seconds, credits: totalCredits - Number(billedCredits), totalCredits };
}

/** What a charge changes in the session itself. */
export function billedFields({ billableSeconds }: Session, { totalCredits }: Charge) {
  return { billedSeconds: billableSeconds, billedCredits: totalCredits };
}

/** Writes the usage event of a charge, adds it to its month, and debits its credits from what the session reserved. */
export async function recordCharge(tx: Transaction, session: Session, charge: Charge): Promise<void> {
  const { orgId, mode, id, quality, billableSeconds, billedSeconds, firstFrameAt } = session;
  const startMs = firstFrameAt?.getTime() ?? 0;
  const at = (mediaSeconds: number) => new Date(startMs + mediaSeconds * 1000);
  const eventId = newId('use');
  await addToMonth(tx, session, charge, monthOf(createdAt(eventId)).start);
  await tx.usageEvent.create({
    data: {
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
    },
  });
  if (charge.credits > 0) await debitCredits(tx, session, charge.credits);
}

async function addToMonth(
  tx: Transaction,
  { orgId, mode, id, quality, billedSeconds }: Session,
  { seconds, credits }: Charge,
  month: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO usage_totals AS total
           (org_id, mode, month, quality, billable_seconds, credits, sessions, continued_sessions)
    SELECT ${orgId}, ${mode}::mode, ${month}::date, ${quality}::quality, ${seconds}, ${credits},
           (NOT billed)::int, (NOT billed AND ${billedSeconds} > 0)::int
      FROM (SELECT EXISTS (
              SELECT 1 FROM usage_events
               WHERE org_id = ${orgId} AND mode = ${mode}::mode AND session_id = ${id}
                 AND id >= ${lowestIdAt('use', month)}) AS billed) AS this_month
    ON CONFLICT (org_id, mode, month, quality) DO UPDATE
       SET billable_seconds = total.billable_seconds + EXCLUDED.billable_seconds,
           credits = total.credits + EXCLUDED.credits,
           sessions = total.sessions + EXCLUDED.sessions,
           continued_sessions = total.continued_sessions + EXCLUDED.continued_sessions`;
}

/** Bills a session that goes on, in the transaction that records the delivery: counters and events never disagree. */
export async function bill(tx: Transaction, session: Session): Promise<Session> {
  const charge = chargeOf(session);
  if (charge === null) return session;
  const { orgId, mode, id } = session;
  await recordCharge(tx, session, charge);
  return tx.session.update({
    where: { orgId_mode_id: { orgId, mode, id } },
    data: { ...billedFields(session, charge), creditsReserved: { decrement: charge.credits } },
  });
}
