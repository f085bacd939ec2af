import type { components } from '@greenroom/contract';

import { currentTime } from '../common/clock.ts';
import { sessionResource } from '../sessions/session-record.ts';
import type { DispatchConfig } from '../common/config.ts';
import type { ClaimedSession } from './assignment-repository.ts';

type Assignment = components['schemas']['Assignment'];

/** The assignment as it is on the wire, with the customer's token in clear. */
export function assignmentResource(
  session: ClaimedSession,
  workerToken: string,
  { leaseSeconds, reportIntervalSeconds }: DispatchConfig,
): Assignment {
  return {
    object: 'assignment',
    session: sessionResource(session),
    worker_token: workerToken,
    fence: session.fence,
    lease_seconds: leaseSeconds,
    report_interval_seconds: reportIntervalSeconds,
    assigned_at: currentTime().toISOString(),
  };
}
