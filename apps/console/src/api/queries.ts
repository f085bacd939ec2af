import type { Greenroom, Schemas } from '@greenroom/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

export type Session = Schemas['Session'];
export type SessionStatus = Schemas['SessionStatus'];
export type Avatar = Schemas['Avatar'];

/** The filters of `sessions.list`. */
export type SessionFilter = Omit<
  NonNullable<Parameters<Greenroom['sessions']['list']>[0]>,
  'limit' | 'starting_after'
>;

const PAGE_SIZE = 50;
/** Counters have no event: they are read again while a page shows them. */
export const COUNTERS_MS = 5_000;

/**
 * The requests that several pages read. The first part of a key is the resource: events invalidate by it (`live.tsx`).
 */
export const queries = {
  limits: (greenroom: Greenroom) =>
    queryOptions({ queryKey: ['limits'], queryFn: ({ signal }) => greenroom.limits.get({ signal }) }),

  session: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['sessions', 'one', id],
      queryFn: ({ signal }) => greenroom.sessions.get(id, { signal }),
    }),

  sessions: (greenroom: Greenroom, filter: SessionFilter = {}) =>
    infiniteQueryOptions({
      queryKey: ['sessions', 'list', filter],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.sessions.list({ ...filter, limit: PAGE_SIZE, starting_after: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),

  usage: (greenroom: Greenroom, period: 'current_month' | 'previous_month') =>
    queryOptions({
      queryKey: ['usage', 'summary', period],
      queryFn: ({ signal }) => greenroom.usage.summary({ period }, { signal }),
    }),

  avatars: (greenroom: Greenroom) =>
    infiniteQueryOptions({
      queryKey: ['avatars', 'list'],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.avatars.list({ limit: PAGE_SIZE, starting_after: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),

  /** The picture of an avatar. It does not change. */
  avatarPreview: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['avatar-previews', id],
      queryFn: ({ signal }) => greenroom.avatars.preview(id, { signal }),
      staleTime: Infinity,
    }),

  apiKeys: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['api-keys', 'list'],
      queryFn: async ({ signal }) => greenroom.apiKeys.list({ limit: PAGE_SIZE }, { signal }),
    }),
};
