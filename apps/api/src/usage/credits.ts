import type { Quality } from '@greenroom/contract';

/** Credits per started minute. `mock` bills as `standard`. */
export const CREDIT_MULTIPLIERS: Readonly<Record<Quality, number>> = {
  mock: 1,
  lite: 0.5,
  standard: 1,
  pro: 2,
};

/** What a session of this length costs: minutes, rounded up once for the session, times its multiplier. */
export function creditsFor(seconds: number, quality: Quality): number {
  return Math.ceil(seconds / 60) * CREDIT_MULTIPLIERS[quality];
}
