import { currentTimeMs } from '../common/clock.ts';
import type { DeadlineConfig } from '../common/config.ts';

/** Returns until when a session that is queued now waits: for its join deadline, or as long as its token is valid. */
export function waitingUntil(
  tokenExpiresAt: Date | null,
  { joinDeadlineSeconds }: Pick<DeadlineConfig, 'joinDeadlineSeconds'>,
): Date {
  const joinDeadlineMs = currentTimeMs() + joinDeadlineSeconds * 1000;
  return new Date(Math.min(joinDeadlineMs, tokenExpiresAt?.getTime() ?? Infinity));
}
