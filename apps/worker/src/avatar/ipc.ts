import type { UpgradeRequest } from '../media/media-server.ts';
import type { Assignment, Outcome, Progress } from '../runtime.ts';

export const HEARTBEAT_INTERVAL_MS = 1_000;

/** Starts the performance. Contains the customer's token: never log it. */
export interface StartMessage {
  kind: 'start';
  assignment: Assignment;
  portrait: Uint8Array | null;
  allowPrivateAddresses: boolean;
}

/** Sent by the worker to the process of a session. */
export type ParentMessage =
  | StartMessage
  /** Sent with the socket of a client. */
  | { kind: 'client'; request: UpgradeRequest }
  | { kind: 'drain' }
  | { kind: 'abort' }
  /** Sent every second. Without it the process leaves: its worker may have been paused past its lease. */
  | { kind: 'heartbeat' };

/** Sent by the process of a session to the worker. */
export type ChildMessage =
  { kind: 'progress'; progress: Progress } | { kind: 'done'; outcome: Outcome; progress: Progress };
