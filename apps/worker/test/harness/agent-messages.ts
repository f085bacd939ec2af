/** What a test says to an agent in its process. */
export type ToAgent =
  { kind: 'say'; seconds: number; hertz: number } | { kind: 'interrupt' } | { kind: 'leave' };

/** What the agent hears from its audio output. */
export type FromAgent =
  | { kind: 'joined' }
  | { kind: 'started' }
  | { kind: 'finished'; playbackPosition: number; interrupted: boolean };
