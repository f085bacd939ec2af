import type { Session } from '../api/queries.ts';
import { clockText, useNow } from '../components/relative-time.tsx';
import { isLive, performedSeconds } from './session-times.ts';

/** The time that a session has performed. Counts while it is live. */
export function SessionClock({ session }: { session: Session }) {
  return isLive(session) ? <RunningClock session={session} /> : <Clock session={session} nowMs={0} />;
}

function RunningClock({ session }: { session: Session }) {
  return <Clock session={session} nowMs={useNow()} />;
}

function Clock({ session, nowMs }: { session: Session; nowMs: number }) {
  const seconds = performedSeconds(session, nowMs);
  if (seconds === null) return <span className="muted">–</span>;
  return <span className="clock">{clockText(seconds)}</span>;
}
