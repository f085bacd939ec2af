import { GreenroomError, type Schemas } from '@greenroom/client';
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';

import type { Session } from './queries.ts';
import { useGreenroom } from './sign-in.ts';

/** `live`: events arrive as they happen. `polling`: the stream is refused or lost, and queries are repeated. */
export type LiveState = 'live' | 'polling';

/** Changes that come together are requested once. */
const GATHER_MS = 500;
const FALLBACK_MS = 5_000;
const RETRY_MS = 30_000;

const LiveContext = createContext<LiveState>('live');

/** Returns whether what the page shows follows the event stream. */
export function useLiveState(): LiveState {
  return use(LiveContext);
}

/** Follows the organisation's events, in one stream for the tab, and updates the cache of every query with them. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>('live');

  useEffect(() => {
    const controller = new AbortController();
    const invalidate = gathered(queryClient);
    let retry: ReturnType<typeof setTimeout> | undefined;
    let poll: ReturnType<typeof setInterval> | undefined;
    const follow = async () => {
      try {
        for await (const event of greenroom.events.stream({ signal: controller.signal })) {
          setState('live');
          clearInterval(poll);
          apply(queryClient, event, invalidate);
        }
      } catch (error) {
        if (controller.signal.aborted) return;
        setState('polling');
        clearInterval(poll);
        poll = setInterval(() => invalidate('sessions', 'limits', 'avatars', 'events'), FALLBACK_MS);
        // A key without the scope will not get it.
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
      clearInterval(poll);
    };
  }, [greenroom, queryClient]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

type Invalidate = (...resources: string[]) => void;

/** Returns a function that reads resources again soon, each once however often it is named. */
function gathered(queryClient: QueryClient): Invalidate {
  const named = new Set<string>();
  return (...resources) => {
    if (named.size === 0) {
      setTimeout(() => {
        const keys = [...named];
        named.clear();
        Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))).catch(reportError);
      }, GATHER_MS);
    }
    for (const resource of resources) named.add(resource);
  };
}

function apply(queryClient: QueryClient, event: Schemas['Event'], invalidate: Invalidate): void {
  invalidate('events');
  const { object } = event.data;
  if (event.type.startsWith('session.') && 'avatar_id' in object) {
    patchSession(queryClient, object);
    invalidate('sessions', 'limits', 'usage');
  } else if (event.type.startsWith('avatar.')) {
    invalidate('avatars', 'avatar-previews');
  } else if (event.type.startsWith('webhook_endpoint.')) {
    invalidate('webhook-endpoints');
  } else if (event.type.startsWith('credits.')) {
    invalidate('limits');
  }
}

interface SessionPage {
  readonly data: readonly Session[];
}

/** Shows a session's new state at once in every query that has it. */
export function patchSession(queryClient: QueryClient, session: Session): void {
  const patchPage = <Page extends SessionPage>(page: Page): Page => {
    if (!page.data.some(({ id }) => id === session.id)) return page;
    return { ...page, data: page.data.map((each) => (each.id === session.id ? session : each)) };
  };
  queryClient.setQueryData<Session>(['sessions', 'one', session.id], (known) => known && session);
  for (const queryKey of [
    ['sessions', 'live'],
    ['sessions', 'newest'],
  ]) {
    queryClient.setQueriesData<SessionPage>({ queryKey }, (page) => page && patchPage(page));
  }
  for (const queryKey of [['sessions', 'list'], ['session-history']]) {
    queryClient.setQueriesData<InfiniteData<SessionPage>>(
      { queryKey },
      (list) => list && { ...list, pages: list.pages.map(patchPage) },
    );
  }
}
