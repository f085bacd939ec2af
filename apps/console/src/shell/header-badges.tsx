import { useQuery } from '@tanstack/react-query';

import { useLiveState, type LiveState } from '../api/live.tsx';
import { queries } from '../api/queries.ts';
import { useGreenroom, type Mode } from '../api/sign-in.ts';

const LIVE_TEXTS: Record<LiveState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Every 5 s',
  offline: 'Not connected',
};

/** Says which mode's objects the pages show. */
export function ModeBadge({ mode }: { mode: Mode }) {
  return (
    <span className="mode" data-mode={mode}>
      {mode === 'test' ? 'Test mode' : 'Live mode'}
    </span>
  );
}

/** The plan of the organisation; nothing while it is unknown. */
export function PlanBadge() {
  const { data } = useQuery(queries.limits(useGreenroom()));
  return (
    <span className="plan">
      {data === undefined ? null : (
        <>
          <span className="muted">Plan</span> {data.plan}
        </>
      )}
    </span>
  );
}

/** Says whether the pages follow the event stream. */
export function LiveBadge() {
  const state = useLiveState();
  return (
    <span className="live" data-state={state} role="status">
      <span className="dot" aria-hidden="true" />
      {LIVE_TEXTS[state]}
    </span>
  );
}
