import { getRouteApi, Link } from '@tanstack/react-router';

import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { SessionFilters } from './session-filters.tsx';
import { ROW_PIXELS, SessionList } from './session-list.tsx';
import { useSessionHistory } from './use-session-history.ts';
import './sessions.css';

const route = getRouteApi('/shell/sessions');

/** The sessions, newest first, with the filters of the address. */
export function SessionsPage() {
  const search = route.useSearch();
  const history = useSessionHistory(search);
  const { newCount, gone, showChanges } = history;
  const changes = [
    ...(newCount > 0 ? [`${newCount} new ${newCount === 1 ? 'session' : 'sessions'}`] : []),
    ...(gone.size > 0 ? [`${gone.size} no longer ${gone.size === 1 ? 'matches' : 'match'}`] : []),
  ];
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div className="page">
      <PageHeader title="Sessions" lead="Newest first." />
      <SessionFilters search={search} />
      <div>
        <div className="new-sessions" role="status">
          {changes.length > 0 && (
            <button type="button" className="new-button" onClick={showChanges}>
              {changes.join(', ')}
            </button>
          )}
        </div>
        <QueryView query={history.query} skeleton={<SkeletonRows height={ROW_PIXELS} />}>
          {() =>
            history.sessions.length > 0 ? (
              <SessionList history={history} />
            ) : (
              <EmptyState title={isFiltered ? 'No matching sessions.' : 'No sessions yet.'}>
                {isFiltered ? (
                  <Link to="/sessions" search={{}}>
                    Show all sessions
                  </Link>
                ) : (
                  'Create one, and it appears here at once.'
                )}
              </EmptyState>
            )
          }
        </QueryView>
      </div>
    </div>
  );
}
