import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Id } from '../../components/id.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';

const route = getRouteApi('/shell/sessions/$sessionId');

/** One session. */
export function SessionPage() {
  const { sessionId } = route.useParams();
  const query = useQuery(queries.session(useGreenroom(), sessionId));
  return (
    <div className="page">
      <PageHeader title="Session" lead={<Id id={sessionId} />} />
      <QueryView query={query} skeleton={<SkeletonRows />}>
        {(session) => (
          <>
            <p>
              <StatusBadge status={session.status} />
            </p>
            <JsonView value={session} label="Session" />
          </>
        )}
      </QueryView>
    </div>
  );
}
