import type { Assignment } from '@greenroom/database';

import { creditsFor } from './credits.ts';

/** A running session is billed at this interval, so that the usage shows it while it runs. */
export const BILLING_INTERVAL_SECONDS = 60;

/** The fields that billing a live session needs. */
export type Metered = Pick<
  Assignment,
  'mode' | 'quality' | 'mediaMs' | 'billedSeconds' | 'billedCredits' | 'firstFrameAt'
>;

/** Returns the seconds of a session that are billed already or will be. */
export function billableSeconds({ mediaMs }: Pick<Metered, 'mediaMs'>): number {
  return Math.floor(mediaMs / 1000);
}

/** The unbilled usage of a session. */
export interface Charge {
  seconds: number;
  credits: number;
  /** The total of the session, including this charge. */
  totalCredits: number;
}

/** Returns the charge for the usage of a session since it was last billed; null without one. */
export function chargeOf(session: Metered): Charge | null {
  const { mode, quality, billedSeconds, billedCredits, firstFrameAt } = session;
  const total = billableSeconds(session);
  const seconds = total - billedSeconds;
  if (seconds <= 0 || firstFrameAt === null) return null;
  // Minutes are rounded up once per session, so a charge is the growth of the total.
  const totalCredits = mode === 'test' ? 0 : creditsFor(total, quality);
  return { seconds, credits: totalCredits - billedCredits, totalCredits };
}
