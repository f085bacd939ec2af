import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { COUNTERS_MS, queries, type Session, type SessionFilter } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { isLive } from '../../session/session-times.ts';
import { statusesOf } from './status-filter.ts';

export type SessionHistory = ReturnType<typeof useSessionHistory>;

const NONE: readonly Session[] = [];

/**
 * The sessions of a filter, as far as the reader has scrolled. Counts sessions that enter or leave the filter, and
 * changes the list only on request, so that nothing moves under the reader.
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
  const fresh = newest.data;
  const known = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? NONE, [query.data]);
  const held = useHeldRows(known, JSON.stringify(filter), query.isRefetching);
  const sessions = useMemo(() => {
    if (held.length === 0) return fresh?.data ?? NONE;
    const byId = new Map([...known, ...(fresh?.data ?? NONE)].map((session) => [session.id, session]));
    return held.map((session) => byId.get(session.id) ?? session);
  }, [held, known, fresh]);
  // An older first page may lack a session of the history that is newer than the page.
  const isFreshNewer = newest.dataUpdatedAt >= query.dataUpdatedAt;
  const changes = useMemo(
    () => ({
      newCount: countNew(sessions, [...(fresh?.data ?? NONE), ...known], query.hasNextPage),
      gone: goneOf(sessions, { known, fresh, isFreshNewer, filter }),
    }),
    [sessions, known, fresh, isFreshNewer, filter, query.hasNextPage],
  );
  const showChanges = () => {
    window.scrollTo({ top: 0 });
    queryClient.resetQueries({ queryKey: options.queryKey }).catch(reportError);
  };
  return { query, sessions, ...changes, showChanges };
}

/** Returns the visible rows. Once they are up to date, only older ones are added. */
function useHeldRows(known: readonly Session[], filter: string, isRefetching: boolean): readonly Session[] {
  const [held, setHeld] = useState({ known: NONE, filter, rows: NONE, isUpToDate: false });
  const isHeld = held.filter === filter && held.isUpToDate && known.length > 0;
  const isUpToDate = isHeld || (known.length > 0 && !isRefetching);
  if (held.filter === filter && held.known === known && held.isUpToDate === isUpToDate) return held.rows;
  const last = held.rows.at(-1)?.id ?? '';
  const rows = isHeld ? [...held.rows, ...known.filter(({ id }) => id < last)] : known;
  setHeld({ known, filter, rows, isUpToDate });
  return rows;
}

/**
 * Counts the sessions that a list lacks, including older ones whose status now matches the filter, down to the list's
 * end. Ids are in the order of creation.
 */
function countNew(listed: readonly Session[], found: readonly Session[], hasMore: boolean): number {
  const last = listed.at(-1);
  if (last === undefined) return 0;
  const ids = new Set(listed.map(({ id }) => id));
  const isNew = ({ id }: Session) => !ids.has(id) && (!hasMore || id > last.id);
  return new Set(found.filter(isNew).map(({ id }) => id)).size;
}

/**
 * Returns the ids of listed sessions that left the filter, by their status or because the server no longer returns
 * them.
 */
function goneOf(
  listed: readonly Session[],
  {
    known,
    fresh,
    isFreshNewer,
    filter,
  }: {
    known: readonly Session[];
    /** The first page. */
    fresh: { data: readonly Session[]; has_more: boolean } | undefined;
    isFreshNewer: boolean;
    filter: SessionFilter;
  },
): ReadonlySet<string> {
  const statuses = statusesOf(filter.status ?? []);
  if (statuses.length === 0) return new Set();
  const knownIds = new Set(known.map(({ id }) => id));
  const freshIds = new Set(fresh?.data.map(({ id }) => id));
  // Every newer session is on the first page.
  const freshEnd = fresh?.has_more === true ? (fresh.data.at(-1)?.id ?? '') : '';
  const isReturned = ({ id }: Session) =>
    freshIds.has(id) || (knownIds.has(id) && (!isFreshNewer || id < freshEnd));
  return new Set(
    listed.filter((each) => !statuses.includes(each.status) || !isReturned(each)).map(({ id }) => id),
  );
}
