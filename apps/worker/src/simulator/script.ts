import type { Assignment, Outcome } from '../runtime.ts';

/** What happens in a simulated performance, in seconds from its first frame on. */
export interface Script {
  /** Ends it before the first frame. */
  refusal?: Outcome;
  /** Ends it by itself. */
  end: { afterSeconds: number; outcome: Outcome };
  /** While it behaves as if cut off from the server. */
  cutOff?: { fromSeconds: number; toSeconds: number };
}

/** Somebody speaks for so long, then nobody does. */
const AUDIO_SECONDS = 10;
const CRASH_SECONDS = 10;
const CUT_OFF_SECONDS = 2;

/** The script that the session's metadata asks for under `simulate`, or a normal run. */
export function scriptOf({ session, lease_seconds, report_interval_seconds }: Assignment): Script {
  const idle: Script['end'] = {
    afterSeconds: AUDIO_SECONDS + session.idle_timeout_seconds,
    outcome: { state: 'ended', reason: 'session.idle' },
  };
  switch (session.metadata['simulate']) {
    case 'token_expired':
      return {
        end: idle,
        refusal: failed(
          'room.token_rejected',
          'Simulated: the room refused the worker token, it has expired.',
        ),
      };
    case 'room_unreachable':
      return {
        end: idle,
        refusal: failed('room.unreachable', 'Simulated: the LiveKit server did not answer.'),
      };
    case 'crash_after_10':
      return {
        end: {
          afterSeconds: CRASH_SECONDS,
          outcome: failed('worker.crashed', `Simulated: the worker crashed after ${CRASH_SECONDS} seconds.`),
        },
      };
    case 'heartbeat_gap': {
      // The last report may have been a long poll: the lease runs from its end.
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
