import { Link } from '@tanstack/react-router';

import type { Session } from '../api/queries.ts';
import { AvatarPicture } from './avatar-picture.tsx';
import { clockText, RelativeTime } from './relative-time.tsx';
import { StatusBadge } from './status-badge.tsx';

/** A table of sessions, each with a link to its page. `caption` names it for screen readers. */
export function SessionTable({ sessions, caption }: { sessions: readonly Session[]; caption: string }) {
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Status</th>
            <th scope="col" className="wide-only">
              Quality
            </th>
            <th scope="col" className="number wide-only">
              Billed
            </th>
            <th scope="col" className="number">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <td>
                <span className="with-avatar">
                  <AvatarPicture avatarId={session.avatar_id} size={28} />
                  <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} className="mono cut">
                    {session.id}
                  </Link>
                </span>
              </td>
              <td>
                <StatusBadge status={session.status} />
              </td>
              <td className="wide-only">{session.quality}</td>
              <td className="number wide-only">{clockText(session.usage.billable_seconds)}</td>
              <td className="number">
                <RelativeTime time={session.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
