import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SessionTable } from '../../components/session-table.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';

const route = getRouteApi('/shell/sessions');
const FILTERS = [
  { name: 'All', search: {} },
  { name: 'Active', search: { status: ['active'] } },
  { name: 'Failed', search: { status: ['failed'] } },
  { name: 'Over', search: { status: ['terminal'] } },
] as const;

/** Every session, newest first, filtered as the address says. */
export function SessionsPage() {
  const { status } = route.useSearch();
  const query = useInfiniteQuery(queries.sessions(useGreenroom(), { status }));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <div className="page">
      <PageHeader title="Sessions" lead="Newest first." />
      <nav className="tabs" aria-label="Filter by status">
        {FILTERS.map(({ name, search }) => (
          <Link
            key={name}
            to="/sessions"
            search={search}
            activeOptions={{ exact: true, includeSearch: true }}
            className="tab"
          >
            {name}
          </Link>
        ))}
      </nav>
      <QueryView query={query} skeleton={<SkeletonRows />}>
        {({ pages }) => {
          const sessions = pages.flatMap((page) => page.data);
          if (sessions.length === 0) return <EmptyState title="No session matches." />;
          return <SessionTable sessions={sessions} caption="Sessions" />;
        }}
      </QueryView>
      {hasNextPage && (
        <p>
          <Button isBusy={isFetchingNextPage} onClick={() => fetchNextPage().catch(reportError)}>
            Show more
          </Button>
        </p>
      )}
    </div>
  );
}
