import type { Session } from '@greenroom/database';

import { creditsFor } from './credits.ts';

/** A running session is billed at this interval, so that the usage shows it while it runs. */
export const BILLING_INTERVAL_SECONDS = 60;

/** The unbilled usage of a session. */
export interface Charge {
  seconds: number;
  credits: number;
  /** The total of the session, including this charge. */
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
