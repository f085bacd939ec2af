import { GreenroomError, type Schemas } from '@greenroom/client';
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';

import type { Session } from './queries.ts';
import { useGreenroom } from './sign-in.ts';

/**
 * `connecting`: the stream was not open yet. `live`: events arrive as they happen. `polling`: the stream was rejected
 * or lost, and queries are repeated. `offline`: the queries fail too.
 */
export type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

/** Changes within this time cause one request. */
const DEBOUNCE_MS = 500;
/** The resources that events change. */
const FOLLOWED = ['sessions', 'limits', 'avatars', 'events', 'webhook-endpoints'] as const;
const FALLBACK_MS = 5_000;
const RETRY_MS = 30_000;

const LiveContext = createContext<LiveState>('connecting');

/** Returns whether the page follows the event stream. */
export function useLiveState(): LiveState {
  return use(LiveContext);
}

/** Follows the organisation's events, in one stream for the tab, and updates the cache of every query with them. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');

  useEffect(() => {
    const controller = new AbortController();
    const invalidate = createInvalidator(queryClient);
    let retry: ReturnType<typeof setTimeout> | undefined;
    let lost: ReturnType<typeof setTimeout> | undefined;
    let poll: ReturnType<typeof setInterval> | undefined;
    const readAgain = () => {
      // Judges the results of the previous round.
      setState(isEveryQueryFailing(queryClient) ? 'offline' : 'polling');
      invalidate(...FOLLOWED);
    };
    const startPolling = () => {
      clearInterval(poll);
      poll = setInterval(readAgain, FALLBACK_MS);
      readAgain();
    };
    const onState = (isOpen: boolean) => {
      clearTimeout(lost);
      // It may reopen at once.
      if (!isOpen) {
        lost = setTimeout(startPolling, FALLBACK_MS);
        return;
      }
      setState('live');
      // The stream has no earlier events, and may lack events from while it was lost.
      invalidate(...FOLLOWED);
      if (poll !== undefined) invalidate('session-history');
      clearInterval(poll);
      poll = undefined;
    };
    const follow = async () => {
      onState(false);
      try {
        for await (const event of greenroom.events.stream({
          signal: controller.signal,
          onConnectionChange: onState,
        })) {
          applyEvent(queryClient, event, invalidate);
        }
      } catch (error) {
        if (controller.signal.aborted) return;
        clearTimeout(lost);
        startPolling();
        // A retry does not help a key that lacks the scope.
        if (error instanceof GreenroomError && error.type === 'permission') return;
        retry = setTimeout(start, RETRY_MS);
      }
    };
    const start = () => {
      follow().catch(reportError);
    };
    start();
    return () => {
      controller.abort();
      clearTimeout(retry);
      clearTimeout(lost);
      clearInterval(poll);
    };
  }, [greenroom, queryClient]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

/** Returns whether the last request of every visible query that follows events failed. */
function isEveryQueryFailing(queryClient: QueryClient): boolean {
  const shown = FOLLOWED.flatMap((resource) =>
    queryClient.getQueryCache().findAll({ queryKey: [resource], type: 'active' }),
  );
  return shown.length > 0 && shown.every(({ state }) => state.status === 'error');
}

type Invalidate = (...resources: string[]) => void;

/**
 * Returns a function that soon reads resources again, each once however often it is named, and never while it is
 * already being read.
 */
function createInvalidator(queryClient: QueryClient): Invalidate {
  const named = new Set<string>();
  const running = new Set<string>();
  const run = async (resource: string) => {
    running.add(resource);
    try {
      while (named.has(resource)) {
        await new Promise((resolve) => setTimeout(resolve, DEBOUNCE_MS));
        named.delete(resource);
        await queryClient.invalidateQueries({ queryKey: [resource] });
      }
    } finally {
      running.delete(resource);
    }
  };
  return (...resources) => {
    for (const resource of resources) {
      named.add(resource);
      if (!running.has(resource)) run(resource).catch(reportError);
    }
  };
}

function applyEvent(queryClient: QueryClient, event: Schemas['Event'], invalidate: Invalidate): void {
  invalidate('events');
  const { object } = event.data;
  if (event.type.startsWith('session.') && 'avatar_id' in object) {
    patchSession(queryClient, object);
    invalidate('sessions', 'limits', 'usage');
  } else if (event.type.startsWith('avatar.')) {
    invalidate('avatars');
    if ('id' in object) {
      queryClient.invalidateQueries({ queryKey: ['avatar-previews', object.id] }).catch(reportError);
    }
  } else if (event.type.startsWith('webhook_endpoint.')) {
    invalidate('webhook-endpoints');
  } else if (event.type.startsWith('credits.')) {
    invalidate('limits');
  }
}

interface SessionPage {
  readonly data: readonly Session[];
}

/** Replaces a session at once in every cached query, or only where `isReplaced` returns true for the cached one. */
export function patchSession(
  queryClient: QueryClient,
  session: Session,
  isReplaced: (known: Session) => boolean = () => true,
): void {
  const isTarget = (known: Session) => known.id === session.id && isReplaced(known);
  const patchPage = <Page extends SessionPage>(page: Page): Page => {
    if (!page.data.some(isTarget)) return page;
    return { ...page, data: page.data.map((each) => (isTarget(each) ? session : each)) };
  };
  queryClient.setQueryData<Session>(['sessions', 'one', session.id], (known) =>
    known && isTarget(known) ? session : known,
  );
  for (const queryKey of [
    ['sessions', 'live'],
    ['sessions', 'newest'],
  ]) {
    queryClient.setQueriesData<SessionPage>({ queryKey }, (page) => page && patchPage(page));
  }
  const patchLists = (queryKey: string[]) => {
    queryClient.setQueriesData<InfiniteData<SessionPage>>(
      { queryKey },
      (list) => list && { ...list, pages: list.pages.map(patchPage) },
    );
  };
  patchLists(['sessions', 'list']);
  patchLists(['session-history']);
  // A page in flight will be added to the pages from before the patch, so patch again.
  for (const { promise } of queryClient
    .getQueryCache()
    .findAll({ queryKey: ['session-history'], fetchStatus: 'fetching' })) {
    promise?.then(() => patchLists(['session-history'])).catch(() => undefined);
  }
}
