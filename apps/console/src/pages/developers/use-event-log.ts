import type { Schemas } from '@greenroom/client';
import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { useEffect } from 'react';

import { queries, type EventFilter } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';

type EventPage = Schemas['EventList'];

/** Returns the events of a filter, newest first. New ones are prepended, and later pages are not requested again. */
export function useEventLog(filter: EventFilter): UseInfiniteQueryResult<InfiniteData<EventPage>> {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const { queryKey, ...options } = queries.eventHistory(greenroom, filter);
  const history = useInfiniteQuery({ queryKey, ...options });
  const { data: newest } = useQuery({
    ...queries.newestEvents(greenroom, filter),
    enabled: history.data !== undefined,
  });
  const isBusy = history.isFetchingNextPage;
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    // The result of a page request replaces all pages, and would drop events prepended in the meantime.
    if (newest === undefined || isBusy) return;
    const parsed = JSON.parse(key) as unknown[];
    const known = queryClient.getQueryData<InfiniteData<EventPage>>(parsed);
    const [first, ...others] = known?.pages ?? [];
    if (known === undefined || first === undefined) return;
    const ids = new Set(first.data.map(({ id }) => id));
    const added = newest.data.filter(({ id }) => !ids.has(id));
    if (added.length === 0) return;
    if (added.length === newest.data.length && first.data.length > 0) {
      // There may be a gap between the two.
      queryClient.resetQueries({ queryKey: parsed }).catch(reportError);
      return;
    }
    queryClient.setQueryData<InfiniteData<EventPage>>(parsed, {
      ...known,
      pages: [{ ...first, data: [...added, ...first.data] }, ...others],
    });
  }, [newest, isBusy, key, queryClient]);
  return history;
}
