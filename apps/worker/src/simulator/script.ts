import type { Assignment, Outcome } from '../runtime.ts';

/** The course of a simulated performance, in seconds from its first frame. */
export interface Script {
  /** Ends the performance before the first frame. */
  joinFailure?: Outcome;
  /** Ends the performance unless a directive ends it earlier. */
  end: { afterSeconds: number; outcome: Outcome };
  /** When the worker acts as if it could not reach the server. */
  cutOff?: { fromSeconds: number; toSeconds: number };
}

/** How long the performance receives audio before it is idle. */
const AUDIO_SECONDS = 10;
const CRASH_SECONDS = 10;
const CUT_OFF_SECONDS = 2;

/** Returns the script that `metadata.simulate` of the session names, or that of a normal session. */
export function scriptOf({ session, lease_seconds, report_interval_seconds }: Assignment): Script {
  const idle: Script['end'] = {
    afterSeconds: AUDIO_SECONDS + session.idle_timeout_seconds,
    outcome: { state: 'ended', reason: 'session.idle' },
  };
  switch (session.metadata['simulate']) {
    case 'token_expired':
      return {
        end: idle,
        joinFailure: failed(
          'room.token_rejected',
          'Simulated: the room rejected the worker token because it has expired.',
        ),
      };
    case 'room_unreachable':
      return {
        end: idle,
        joinFailure: failed('room.unreachable', 'Simulated: the LiveKit server did not respond.'),
      };
    case 'crash_after_10':
      return {
        end: {
          afterSeconds: CRASH_SECONDS,
          outcome: failed('worker.crashed', `Simulated: the worker crashed after ${CRASH_SECONDS} seconds.`),
        },
      };
    case 'heartbeat_gap': {
      // The last report may have been a long poll, and the lease runs from its end.
      const toSeconds = CUT_OFF_SECONDS + report_interval_seconds + 2 * lease_seconds;
      return {
        end: { ...idle, afterSeconds: toSeconds + idle.afterSeconds },
        cutOff: { fromSeconds: CUT_OFF_SECONDS, toSeconds },
      };
    }
    default:
      return { end: idle };
  }
}

function failed(code: Extract<Outcome, { state: 'failed' }>['failure']['code'], message: string): Outcome {
  return { state: 'failed', failure: { code, message } };
}
