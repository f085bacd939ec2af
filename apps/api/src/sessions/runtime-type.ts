import type { Avatar } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** The runtime that performs test sessions: no room is joined. */
const SIMULATOR = 'simulator';
/** No worker has this runtime type: the session waits until its join deadline. */
const NOBODY = 'nobody';

/** Which workers may perform a session: those of its avatar's runtime, or the simulator for a test session. */
export function runtimeTypeFor(
  { mode }: Tenant,
  { runtimeType }: Avatar,
  metadata: Readonly<Record<string, unknown>>,
): string {
  if (mode === 'live') return runtimeType;
  return metadata['simulate'] === 'worker_never_joins' ? NOBODY : SIMULATOR;
}
