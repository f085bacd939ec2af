import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { Session } from '../../api/queries.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { AvatarName } from '../../session/avatar-name.tsx';
import { FailureLink } from '../../session/failure-link.tsx';
import { SessionClock } from '../../session/session-clock.tsx';
import { placeOf } from '../../session/session-times.ts';
import type { SessionHistory } from './use-session-history.ts';

/** The height of every row, so that the list does not move when rows arrive. */
export const ROW_PIXELS = 60;
/** Rows rendered outside of the window, for the keyboard and for fast scrolling. */
const OVERSCAN_ROWS = 12;
/** The next page is requested this many rows before the end of the known ones. */
const AHEAD_ROWS = 60;
const HEADER_ROWS = 1;

/** A table of the whole history that renders only the rows in the window. */
export function SessionList({ history: { sessions, gone, query } }: { history: SessionHistory }) {
  const frame = useRef<HTMLDivElement>(null);
  const [topPixels, setTopPixels] = useState(0);
  useLayoutEffect(() => {
    const top = frame.current?.getBoundingClientRect().top ?? 0;
    setTopPixels(top + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: sessions.length,
    estimateSize: () => ROW_PIXELS,
    overscan: OVERSCAN_ROWS,
    scrollMargin: topPixels,
  });
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? -1;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const isNearEnd = last >= sessions.length - AHEAD_ROWS;
  const loadMore = () => {
    fetchNextPage().catch(reportError);
  };
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetching && !isFetchNextPageError) fetchNextPage().catch(reportError);
  }, [isNearEnd, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return (
    <div ref={frame} className="table-frame">
      <table
        className="table sessions"
        // The total is unknown until the last page.
        aria-rowcount={hasNextPage ? -1 : sessions.length + HEADER_ROWS}
      >
        <caption className="hidden">Sessions</caption>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col" className="status-column">
              Status
            </th>
            <th scope="col" className="short-column wide-only">
              Quality
            </th>
            <th scope="col" className="number short-column wide-only">
              On air
            </th>
            <th scope="col" className="number time-column wide-only">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} />
          {rows.map(({ index }) => {
            const session = sessions[index];
            return (
              session && (
                <Row key={session.id} session={session} index={index} isGone={gone.has(session.id)} />
              )
            );
          })}
          <Gap rows={sessions.length - 1 - last} />
        </tbody>
      </table>
      {query.isFetchingNextPage && <p className="list-end muted">Loading more …</p>}
      {query.isFetchNextPageError && (
        <p className="list-end">
          More could not be loaded: {query.error.message}{' '}
          <button type="button" className="link" onClick={loadMore}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** A placeholder for the rows outside of the window. */
function Gap({ rows }: { rows: number }) {
  return rows <= 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td style={{ height: rows * ROW_PIXELS }} />
    </tr>
  );
}

function Row({ session, index, isGone }: { session: Session; index: number; isGone: boolean }) {
  return (
    <tr aria-rowindex={index + 1 + HEADER_ROWS} className="session-row" data-gone={isGone}>
      <td>
        <span className="with-avatar">
          <AvatarPicture avatarId={session.avatar_id} size={36} />
          <span className="two-lines">
            <Link
              to="/sessions/$sessionId"
              params={{ sessionId: session.id }}
              className="mono cut row-link"
              title={session.id}
            >
              {session.id}
            </Link>
            <span className="muted small cut">
              <AvatarName id={session.avatar_id} /> <span className="wide-only">· {placeOf(session)}</span>
              <span className="narrow-only">
                · <RelativeTime time={session.created_at} />
              </span>
            </span>
          </span>
        </span>
      </td>
      <td>
        <span className="two-lines">
          <StatusBadge status={session.status} />
          {isGone ? (
            <span className="muted small">no longer matches</span>
          ) : (
            session.failure !== null && <FailureLink code={session.failure.code} />
          )}
        </span>
      </td>
      <td className="wide-only">{session.quality}</td>
      <td className="number wide-only">
        <SessionClock session={session} />
      </td>
      <td className="number wide-only">
        <RelativeTime time={session.created_at} />
      </td>
    </tr>
  );
}
