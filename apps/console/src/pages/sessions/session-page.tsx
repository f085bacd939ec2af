import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { COUNTERS_MS, queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { Id } from '../../components/id.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { usePageTitle } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ScopeNote } from '../../components/scoped-button.tsx';
import { Skeleton, SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { AvatarName } from '../../session/avatar-name.tsx';
import { isLive } from '../../session/session-times.ts';
import { EndSession } from './end-session.tsx';
import { FailureNote } from './failure-note.tsx';
import { SessionCommands } from './session-commands.tsx';
import { SessionFacts } from './session-facts.tsx';
import { SessionFigures } from './session-figures.tsx';
import { SessionTimeline } from './session-timeline.tsx';
import { SessionUsage } from './session-usage.tsx';
import './session.css';

const route = getRouteApi('/shell/sessions/$sessionId');
const FACE_PIXELS = 64;

/** A session: its timeline, place, cost, and the button that ends it. */
export function SessionPage() {
  const { sessionId } = route.useParams();
  const greenroom = useGreenroom();
  const query = useQuery({
    ...queries.session(greenroom, sessionId),
    refetchInterval: ({ state }) => (state.data !== undefined && isLive(state.data) ? COUNTERS_MS : false),
  });
  const avatarId = query.data?.avatar_id;
  const { data: avatar } = useQuery({
    ...queries.avatar(greenroom, avatarId ?? ''),
    enabled: avatarId !== undefined,
  });
  usePageTitle([avatar?.name ?? 'Session', sessionId].join(' · '));
  return (
    <div className="page">
      <Link to="/sessions" className="back">
        Sessions
      </Link>
      <QueryView query={query} skeleton={<SessionSkeleton />}>
        {(session) => (
          <>
            <header className="session-header">
              <AvatarPicture avatarId={session.avatar_id} size={FACE_PIXELS} />
              <div className="session-title">
                <h1>
                  <AvatarName id={session.avatar_id} /> <StatusBadge status={session.status} />
                </h1>
                <Id id={session.id} />
              </div>
              {isLive(session) && (
                <div className="session-end">
                  <EndSession session={session} />
                  <ScopeNote scope="sessions:write">ending a session</ScopeNote>
                </div>
              )}
            </header>
            {session.failure !== null && <FailureNote failure={session.failure} />}
            <SessionFigures session={session} />
            <SessionTimeline session={session} />
            <SessionFacts session={session} />
            <SessionUsage session={session} />
            <SessionCommands session={session} />
            <details className="raw">
              <summary>Raw JSON</summary>
              <JsonView value={session} label="Session" />
            </details>
          </>
        )}
      </QueryView>
    </div>
  );
}

function SessionSkeleton() {
  return (
    <div className="page-skeleton">
      <h1 className="hidden">Session</h1>
      <div className="session-header">
        <Skeleton width={8} height={FACE_PIXELS} />
        <Skeleton width={20} height={28} />
      </div>
      <div className="figures" />
      <SkeletonRows rows={5} />
    </div>
  );
}
