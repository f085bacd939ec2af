import { Link } from '@tanstack/react-router';

import type { Session } from '../../api/queries.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { AvatarName } from '../../session/avatar-name.tsx';
import { SessionClock } from '../../session/session-clock.tsx';
import { placeOf } from '../../session/session-times.ts';

const FACE_PIXELS = 84;

/** A live session: its face, state and counters, with a link to its page. */
export function LiveCard({ session }: { session: Session }) {
  return (
    <li className="live-card" data-status={session.status}>
      <AvatarPicture avatarId={session.avatar_id} size={FACE_PIXELS} />
      <div className="live-card-main">
        <div className="live-card-top">
          <strong className="cut">
            <AvatarName id={session.avatar_id} />
          </strong>
          <StatusBadge status={session.status} />
        </div>
        <span className="muted small cut" title={placeOf(session)}>
          {placeOf(session)}
        </span>
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: session.id }}
          className="live-card-link mono cut"
          title={session.id}
        >
          {session.id}
        </Link>
      </div>
      <dl className="counters">
        <div>
          <dt>On air</dt>
          <dd>
            <SessionClock session={session} />
          </dd>
        </div>
        <div>
          <dt>Billed</dt>
          <dd>{session.usage.billable_seconds.toLocaleString('en')} s</dd>
        </div>
        <div>
          <dt>Frames</dt>
          <dd>{session.usage.frames.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            <RelativeTime time={session.created_at} />
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** A placeholder for two cards. */
export function LiveCardSkeleton() {
  return (
    <div className="live-cards">
      {[0, 1].map((each) => (
        <div key={each} className="live-card">
          <Skeleton width={9} height={FACE_PIXELS} />
          <div className="live-card-main">
            <Skeleton />
            <Skeleton width={20} />
          </div>
          <div className="counters">
            <Skeleton width={24} height={38} />
          </div>
        </div>
      ))}
    </div>
  );
}
