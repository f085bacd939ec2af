import { Link } from '@tanstack/react-router';

import type { Session } from '../../api/queries.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { FailureLink } from '../../session/failure-link.tsx';

/** Sessions that failed, each with its reason. */
export function FailureList({ sessions }: { sessions: readonly Session[] }) {
  return (
    <ul className="failures">
      {sessions.map(({ id, avatar_id, failure, failed_at, created_at }) => (
        <li key={id} className="failure">
          <AvatarPicture avatarId={avatar_id} size={40} />
          <div className="failure-main">
            <p className="failure-top">
              {failure !== null && <FailureLink code={failure.code} />}
              <span className="muted small">
                <RelativeTime time={failed_at ?? created_at} />
              </span>
            </p>
            <p>{failure?.message}</p>
            <Link to="/sessions/$sessionId" params={{ sessionId: id }} className="mono cut">
              {id}
            </Link>
          </div>
        </li>
      ))}
    </ul>
  );
}
