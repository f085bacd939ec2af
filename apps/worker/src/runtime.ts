import type { components, Quality } from '@greenroom/contract';

/** A session handed to this worker, with the customer's token in clear: never log it. */
export type Assignment = components['schemas']['Assignment'];

/** Why a performance ended without a failure, as the session's history tells it. */
export type EndReason = NonNullable<components['schemas']['AssignmentReport']['reason']>;

/** How a performance ended. */
export type Outcome =
  /** `reason` is absent where it ended because it was told to. */
  { state: 'ended'; reason?: EndReason } | { state: 'failed'; failure: components['schemas']['Failure'] };

/** What has been delivered so far: totals that only grow. */
export interface Progress {
  /** When joining the room began. */
  startedAt: Date;
  /** When the first video frame was published; null before that. */
  firstFrameAt: Date | null;
  /** Video frames published. */
  frames: number;
  /** Milliseconds since the first video frame, by a monotonic clock; stands still once the room is left. */
  mediaMs: number;
  /** Set while it finishes its last words by its own decision, before the outcome. */
  ending?: EndReason;
  /** Set while the worker is to behave as if it were cut off from the server and did not know. Simulator only. */
  cutOff?: boolean;
}

/** One session being performed. */
export interface Performance {
  progress(): Progress;
  /** Finish what is buffered, leave the room, then settle `outcome`. Said twice it changes nothing. */
  drain(): void;
  /** Leave the room at once, then settle `outcome`. */
  abort(): void;
  /** Settles once, when the room has been left and nothing of the performance is running. Never rejects. */
  readonly outcome: Promise<Outcome>;
}

/** Fetches the picture of the session's avatar; null for a stock avatar, whose look the runtime draws by itself. */
export type PortraitSource = () => Promise<Uint8Array | null>;

/** What performs avatars: the simulator, or an avatar model in LiveKit rooms. */
export interface Runtime {
  /** The runtime type of the avatars it performs. */
  readonly type: string;
  readonly qualities: readonly Quality[];
  /**
   * Begins a performance and returns at once. `changed` is called whenever `progress()` has news that the server
   * should hear now (the first frame, ending), rather than with the next report.
   */
  perform(assignment: Assignment, portrait: PortraitSource, changed: () => void): Performance;
}
