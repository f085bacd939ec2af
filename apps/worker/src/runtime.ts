import type { components, Quality } from '@greenroom/contract';

/** A session assigned to this worker. Contains the customer's token in clear text: never log it. */
export type Assignment = components['schemas']['Assignment'];

/** Where the mouth and the jaw are in a portrait. */
export type PortraitLandmarks = components['schemas']['PortraitLandmarks'];

/** Why a performance ended without a failure; becomes the reason in the session's history. */
export type EndReason = NonNullable<components['schemas']['AssignmentReport']['reason']>;

/** How a performance ended. */
export type Outcome =
  /** `reason` is absent when the performance ended after `drain` or `abort`. */
  { state: 'ended'; reason?: EndReason } | { state: 'failed'; failure: components['schemas']['Failure'] };

/** The media delivered so far, as totals that never decrease. */
export interface Progress {
  /** When the runtime started to join the room. */
  startedAt: Date;
  /** When the runtime had joined the room; null before that. */
  joinedAt: Date | null;
  /** When the first video frame was published; null before that. */
  firstFrameAt: Date | null;
  /** Number of video frames published. */
  frames: number;
  /** Milliseconds since the first video frame, by a monotonic clock that stops when the room is left. */
  mediaMs: number;
  /** Set while the performance finishes its speech after it decided to end. */
  ending?: EndReason;
  /** Set while the worker must send nothing to the server, as if the connection were silently lost. Simulator only. */
  cutOff?: boolean;
}

/** One session in progress. */
export interface Performance {
  progress(): Progress;
  /** Finishes buffered speech, leaves the room, then settles `outcome`. A second call has no effect. */
  drain(): void;
  /** Leaves the room at once, then settles `outcome`. */
  abort(): void;
  /** Resolves when the room has been left and the performance has stopped completely. Never rejects. */
  readonly outcome: Promise<Outcome>;
}

/** Fetches the portrait of the session's avatar. Resolves with null for a stock avatar, which the runtime draws. */
export type PortraitSource = () => Promise<Uint8Array | null>;

/** Performs sessions: the simulator, or an avatar. */
export interface Runtime {
  /** The runtime type of the avatars that it can perform. */
  readonly type: string;
  readonly qualities: readonly Quality[];
  /** The base address at which it serves media over WebSockets; null if it serves none. */
  readonly mediaUrl: string | null;
  /**
   * Starts a performance and returns at once. `onChange` is called when `progress()` has a change to report
   * immediately (the first frame, ending) instead of with the next report.
   */
  perform(assignment: Assignment, portrait: PortraitSource, onChange: () => void): Performance;
}
