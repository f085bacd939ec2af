import type { Assignment, Outcome, Progress } from '../runtime.ts';

/** What a room's process needs to perform. Holds the customer's token: never log it. */
export interface Engagement {
  assignment: Assignment;
  portrait: Uint8Array | null;
  allowPrivateAddresses: boolean;
}

/** What the worker says to a room's process. */
export type ToRoom =
  | { kind: 'perform'; engagement: Engagement }
  | { kind: 'drain' }
  | { kind: 'abort' }
  /** Said every second: without it the room is left, since its worker may have been paused past its lease. */
  | { kind: 'alive' };

/** What a room's process says to the worker. */
export type FromRoom =
  { kind: 'progress'; progress: Progress } | { kind: 'over'; outcome: Outcome; progress: Progress };

export const ALIVE_INTERVAL_MS = 1_000;
