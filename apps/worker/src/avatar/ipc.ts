import type { Assignment, Outcome, Progress } from '../runtime.ts';

export const HEARTBEAT_INTERVAL_MS = 1_000;

/** Starts the performance. Contains the customer's token: never log it. */
export interface StartMessage {
  kind: 'start';
  assignment: Assignment;
  portrait: Uint8Array | null;
  allowPrivateAddresses: boolean;
}

/** Sent by the worker to a room process. */
export type ParentMessage =
  | StartMessage
  | { kind: 'drain' }
  | { kind: 'abort' }
  /** Sent every second. Without it the room process leaves: its worker may have been paused past its lease. */
  | { kind: 'heartbeat' };

/** Sent by a room process to the worker. */
export type ChildMessage =
  { kind: 'progress'; progress: Progress } | { kind: 'done'; outcome: Outcome; progress: Progress };
