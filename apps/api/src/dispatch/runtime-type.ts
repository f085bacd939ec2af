import type { Avatar, Worker } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** The runtime that performs test sessions. It joins no room. */
const SIMULATOR = 'simulator';
/** No worker has this runtime type, so that the session waits until its join deadline. */
const NO_RUNTIME = 'nobody';
/**
 * Comes before the runtime type of a session over a WebSocket, which only workers with a media address can perform. No
 * runtime type contains a colon, so that these sessions wait in queues that other workers do not read.
 */
const MEDIA_PREFIX = 'media:';
/** Processes of the previous version store this name of the `livekit` runtime during a rolling restart. */
const FORMER_LIVEKIT = 'bringup';

/** Returns the current name of a stored runtime type. */
export function currentRuntimeType(name: string): string {
  return name === FORMER_LIVEKIT ? 'livekit' : name;
}

/** Returns the runtime type for which a session over a WebSocket waits: its avatar's, in test mode too. */
export function mediaRuntimeTypeFor({ runtimeType }: Pick<Avatar, 'runtimeType'>): string {
  return MEDIA_PREFIX + currentRuntimeType(runtimeType);
}

/** Returns whether a session goes over a WebSocket, by the runtime type for which it waits. */
export function isOverWebSocket({ runtimeType }: { runtimeType: string }): boolean {
  return runtimeType.startsWith(MEDIA_PREFIX);
}

/** Returns the runtime types whose sessions a worker may perform, those first whose clients wait for a response. */
export function performableBy({ runtimeType, mediaUrl }: Pick<Worker, 'runtimeType' | 'mediaUrl'>): string[] {
  const current = currentRuntimeType(runtimeType);
  return mediaUrl === null ? [current] : [MEDIA_PREFIX + current, current];
}

/**
 * Returns the runtime type of the workers that may perform a session in a room: its avatar's, or the simulator in test
 * mode.
 */
export function runtimeTypeFor(
  { mode }: Tenant,
  { runtimeType }: Pick<Avatar, 'runtimeType'>,
  metadata: Readonly<Record<string, unknown>>,
): string {
  if (mode === 'live') return currentRuntimeType(runtimeType);
  return metadata['simulate'] === 'worker_never_joins' ? NO_RUNTIME : SIMULATOR;
}
