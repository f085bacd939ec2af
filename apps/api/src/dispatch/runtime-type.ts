import type { Avatar } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** The runtime that performs test sessions. It joins no room. */
const SIMULATOR = 'simulator';
/** No worker has this runtime type, so that the session waits until its join deadline. */
const NO_RUNTIME = 'nobody';
/** Processes of the previous version store this name of the `livekit` runtime during a rolling restart. */
const FORMER_LIVEKIT = 'bringup';

/** Returns the present name of a stored runtime type. */
export function currentRuntimeType(name: string): string {
  return name === FORMER_LIVEKIT ? 'livekit' : name;
}

/** Returns the runtime type of the workers that may perform a session: its avatar's, or the simulator in test mode. */
export function runtimeTypeFor(
  { mode }: Tenant,
  { runtimeType }: Pick<Avatar, 'runtimeType'>,
  metadata: Readonly<Record<string, unknown>>,
): string {
  if (mode === 'live') return currentRuntimeType(runtimeType);
  return metadata['simulate'] === 'worker_never_joins' ? NO_RUNTIME : SIMULATOR;
}
