import type { Session } from '../../api/queries.ts';
import { Figure } from '../../components/figure.tsx';
import { clockText, useNow } from '../../components/relative-time.tsx';
import { performedSeconds } from '../../session/session-times.ts';
import { lengthText } from './phases.ts';

/** The counters of a session. They count while it is live. */
export function SessionFigures({ session }: { session: Session }) {
  const seconds = performedSeconds(session, useNow());
  const { created_at, first_frame_at, max_duration_seconds: most, usage } = session;
  const joinedMs = first_frame_at === null ? null : Date.parse(first_frame_at) - Date.parse(created_at);
  return (
    <div className="figures">
      <Figure
        name="On air"
        value={seconds === null ? '–' : clockText(seconds)}
        hint={`of ${clockText(most)} at most`}
        share={(seconds ?? 0) / most}
      />
      <Figure
        name="Billed"
        value={`${usage.billable_seconds.toLocaleString('en')} s`}
        hint={`at quality ${session.quality}`}
      />
      <Figure name="Frames" value={usage.frames.toLocaleString('en')} hint="published" />
      <Figure
        name="Time to first frame"
        value={joinedMs === null ? '–' : lengthText(joinedMs)}
        hint="since it was created"
      />
    </div>
  );
}
