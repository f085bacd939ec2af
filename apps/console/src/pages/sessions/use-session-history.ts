import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import { COUNTERS_MS, queries, type Session, type SessionFilter } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { isLive } from '../../session/session-times.ts';

export type SessionHistory = ReturnType<typeof useSessionHistory>;

/**
 * The sessions of a filter, as far as the reader has scrolled. Those that are new in it are counted, and shown on request,
 * so that nothing moves under the reader.
 */
export function useSessionHistory(filter: SessionFilter) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const options = queries.sessionHistory(greenroom, filter);
  const query = useInfiniteQuery(options);
  const newest = useQuery({
    ...queries.newestSessions(greenroom, filter),
    enabled: query.data !== undefined,
    refetchInterval: ({ state }) => (state.data?.data.some(isLive) === true ? COUNTERS_MS : false),
  });
  const fresh = newest.data?.data;
  const sessions = useMemo(() => {
    const known = query.data?.pages.flatMap((page) => page.data) ?? [];
    if (known.length === 0) return fresh ?? [];
    const byId = new Map(fresh?.map((session) => [session.id, session]));
    return known.map((session) => byId.get(session.id) ?? session);
  }, [query.data, fresh]);
  const showNew = () => {
    window.scrollTo({ top: 0 });
    queryClient.resetQueries({ queryKey: options.queryKey }).catch(reportError);
  };
  return { query, sessions, newCount: countNew(sessions, fresh ?? [], query.hasNextPage), showNew };
}

/**
 * Counts the sessions that a list lacks: also older ones that came into the filter by their status, down to its end. Ids are
 * in the order of creation.
 */
function countNew(listed: readonly Session[], fresh: readonly Session[], hasMore: boolean): number {
  const last = listed.at(-1);
  if (last === undefined) return 0;
  const ids = new Set(listed.map(({ id }) => id));
  return fresh.filter(({ id }) => !ids.has(id) && (!hasMore || id > last.id)).length;
}
