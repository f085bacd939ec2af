/** Commands of a test to an agent in another process. */
export type ToAgent =
  { kind: 'say'; seconds: number; hertz: number } | { kind: 'interrupt' } | { kind: 'leave' };

/** Events of the agent's audio output. */
export type FromAgent =
  | { kind: 'joined' }
  | { kind: 'started' }
  | { kind: 'finished'; playbackPosition: number; interrupted: boolean };
