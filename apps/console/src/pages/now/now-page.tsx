import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { addresses } from '../../api/addresses.ts';
import { COUNTERS_MS, queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Figure } from '../../components/figure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SessionTable } from '../../components/session-table.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';

/** What runs now, and what of the limits is used. */
export function NowPage() {
  const greenroom = useGreenroom();
  const limits = useQuery(queries.limits(greenroom));
  const sessions = useInfiniteQuery({
    ...queries.sessions(greenroom, { status: ['active'] }),
    refetchInterval: COUNTERS_MS,
  });
  return (
    <div className="page">
      <PageHeader title="Now" lead="The sessions that run, as they change." />
      <QueryView query={limits} skeleton={<div className="figures" />}>
        {({ concurrent_sessions: slots, credits, max_session_seconds }) => (
          <div className="figures">
            <Figure
              name="Sessions"
              value={slots.active.toLocaleString('en')}
              hint={`of ${slots.limit.toLocaleString('en')} at a time`}
            />
            <Figure
              name="Credits"
              value={credits.available.toLocaleString('en')}
              hint={`available, ${credits.reserved.toLocaleString('en')} reserved`}
            />
            <Figure name="Longest session" value={`${max_session_seconds / 60} min`} hint="by the plan" />
          </div>
        )}
      </QueryView>
      <section className="part">
        <h2>Live sessions</h2>
        <QueryView query={sessions} skeleton={<SkeletonRows rows={4} />}>
          {({ pages }) => {
            const live = pages.flatMap((page) => page.data);
            if (live.length > 0) return <SessionTable sessions={live} caption="Live sessions" />;
            return (
              <EmptyState title="No session runs.">
                Start one in the <a href={addresses.playground}>playground</a>, or from your code: it appears
                here at once.
              </EmptyState>
            );
          }}
        </QueryView>
      </section>
    </div>
  );
}
