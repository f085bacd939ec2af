import type { Quality } from '@greenroom/contract';

/** Credits per started minute. `mock` bills as `standard`. */
export const CREDIT_MULTIPLIERS: Readonly<Record<Quality, number>> = {
  mock: 1,
  lite: 0.5,
  standard: 1,
  pro: 2,
};

/** Returns the cost of a session: its minutes, rounded up, times the multiplier of its quality. */
export function creditsFor(seconds: number, quality: Quality): number {
  return Math.ceil(seconds / 60) * CREDIT_MULTIPLIERS[quality];
}
