import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { addresses } from '../../api/addresses.ts';
import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { FailureList } from './failure-list.tsx';
import { LimitFigures } from './limit-figures.tsx';
import { LiveCard, LiveCardSkeleton } from './live-card.tsx';
import './now.css';

const SHOWN_CARDS = 24;

/** The live sessions, the usage of the limits, and recent failures. */
export function NowPage() {
  const greenroom = useGreenroom();
  const live = useQuery(queries.liveSessions(greenroom));
  const failed = useQuery(queries.failedSessions(greenroom));
  return (
    <div className="page">
      <PageHeader title="Now" lead="Your live sessions, as they change." />
      <LimitFigures />
      <section className="part">
        <h2>Live sessions</h2>
        <QueryView query={live} skeleton={<LiveCardSkeleton />}>
          {({ data, has_more }) => {
            if (data.length === 0) {
              return (
                <EmptyState title="No live sessions.">
                  Start one in the <a href={addresses.playground}>playground</a> or from your code, and it
                  appears here at once.
                </EmptyState>
              );
            }
            return (
              <>
                <ul className="live-cards">
                  {data.slice(0, SHOWN_CARDS).map((session) => (
                    <LiveCard key={session.id} session={session} />
                  ))}
                </ul>
                {(has_more || data.length > SHOWN_CARDS) && (
                  <p>
                    <Link to="/sessions" search={{ status: ['active'] }}>
                      See all live sessions
                    </Link>
                  </p>
                )}
              </>
            );
          }}
        </QueryView>
      </section>
      <section className="part">
        <div className="part-header">
          <h2>Recent failures</h2>
          <Link to="/sessions" search={{ status: ['failed'] }}>
            All failures
          </Link>
        </div>
        <QueryView query={failed} skeleton={<SkeletonRows rows={3} height={64} />}>
          {({ data }) =>
            data.length === 0 ? <EmptyState title="No failed sessions." /> : <FailureList sessions={data} />
          }
        </QueryView>
      </section>
    </div>
  );
}
