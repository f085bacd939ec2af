import { GreenroomError, type Greenroom, type Schemas } from '@greenroom/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

export type Session = Schemas['Session'];
export type SessionStatus = Schemas['SessionStatus'];
export type Avatar = Schemas['Avatar'];

/** The filters of `sessions.list`. */
export type SessionFilter = Omit<
  NonNullable<Parameters<Greenroom['sessions']['list']>[0]>,
  'limit' | 'starting_after'
>;

/** The filters of `avatars.list`. */
export type AvatarFilter = Omit<
  NonNullable<Parameters<Greenroom['avatars']['list']>[0]>,
  'limit' | 'starting_after'
>;

/** The filters of `events.list`. */
export type EventFilter = Omit<
  NonNullable<Parameters<Greenroom['events']['list']>[0]>,
  'limit' | 'starting_after'
>;

const PAGE_SIZE = 50;
/** The maximum page size of the API. */
const MAX_PAGE_SIZE = 100;
const RECENT_FAILURES = 5;
/** Counters have no event, so they are polled while a page shows them. */
export const COUNTERS_MS = 5_000;
/** Polling interval of deliveries, which have no event: while an attempt is due soon, and otherwise. */
const DUE_MS = 1_000;
const DELIVERIES_MS = 15_000;
/** Polling interval of the deliveries on further pages. */
const OLDER_DELIVERIES_MS = 60_000;
/** An attempt within this time counts as due soon. */
const SOON_MS = 5_000;

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

  /** The newest live sessions. */
  liveSessions: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['sessions', 'live'],
      queryFn: async ({ signal }) =>
        greenroom.sessions.list({ status: ['active'], limit: PAGE_SIZE }, { signal }),
      refetchInterval: COUNTERS_MS,
    }),

  /** The sessions that failed last. */
  failedSessions: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['sessions', 'failed'],
      queryFn: async ({ signal }) =>
        greenroom.sessions.list({ status: ['failed'], limit: RECENT_FAILURES }, { signal }),
    }),

  /**
   * The sessions of a filter, as far as the reader has scrolled. Requested when a page opens. After that, events change
   * its sessions in place, and `newestSessions` finds new ones, so that nothing moves under the reader.
   */
  sessionHistory: (greenroom: Greenroom, filter: SessionFilter) =>
    infiniteQueryOptions({
      queryKey: ['session-history', filter],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.sessions.list({ ...filter, limit: MAX_PAGE_SIZE, starting_after: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      staleTime: 0,
      refetchOnWindowFocus: false,
    }),

  /** The current first page of `sessionHistory`. */
  newestSessions: (greenroom: Greenroom, filter: SessionFilter) =>
    queryOptions({
      queryKey: ['sessions', 'newest', filter],
      queryFn: async ({ signal }) => greenroom.sessions.list({ ...filter, limit: MAX_PAGE_SIZE }, { signal }),
    }),

  /** The events of a session, oldest first. There are few. */
  sessionEvents: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['sessions', 'events', id],
      queryFn: async ({ signal }) => greenroom.sessions.events(id, { limit: MAX_PAGE_SIZE }, { signal }),
    }),

  /** The billing records of a session, one for each minute. A session lasts an hour at most. */
  sessionUsage: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['usage', 'events', { session_id: id }],
      queryFn: async ({ signal }) =>
        greenroom.usage.events({ session_id: id, limit: MAX_PAGE_SIZE }, { signal }),
    }),

  avatar: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['avatars', 'one', id],
      queryFn: ({ signal }) => greenroom.avatars.get(id, { signal }),
      staleTime: 60_000,
      retryOnMount: isRetryable,
    }),

  /** The totals from an instant to another, both in RFC 3339. */
  usageSummary: (greenroom: Greenroom, period_start: string, period_end: string) =>
    queryOptions({
      queryKey: ['usage', 'summary', period_start, period_end],
      queryFn: ({ signal }) => greenroom.usage.summary({ period_start, period_end }, { signal }),
    }),

  avatars: (greenroom: Greenroom, filter: AvatarFilter = {}) =>
    infiniteQueryOptions({
      queryKey: ['avatars', 'list', filter],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.avatars.list({ ...filter, limit: PAGE_SIZE, starting_after: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    }),

  /** All avatars, in one list to choose from. */
  everyAvatar: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['avatars', 'every'],
      queryFn: async ({ signal }) => {
        const avatars: Avatar[] = [];
        for await (const avatar of greenroom.avatars.list({ limit: MAX_PAGE_SIZE }, { signal })) {
          avatars.push(avatar);
        }
        return avatars;
      },
      staleTime: 60_000,
    }),

  /** The picture of an avatar, which never changes. */
  avatarPreview: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['avatar-previews', id],
      queryFn: ({ signal }) => greenroom.avatars.preview(id, { signal }),
      staleTime: Infinity,
      retryOnMount: isRetryable,
    }),

  /** The key in use. */
  ownKey: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['api-keys', 'current'],
      queryFn: ({ signal }) => greenroom.apiKeys.current({ signal }),
      staleTime: 60_000,
    }),

  /** Every valid key of the mode: an organisation has 100 at most. */
  apiKeys: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['api-keys', 'list'],
      queryFn: async ({ signal }) => greenroom.apiKeys.list({ limit: MAX_PAGE_SIZE }, { signal }),
    }),

  /** Every endpoint of the mode: an organisation has 16 at most. */
  webhookEndpoints: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['webhook-endpoints', 'list'],
      queryFn: async ({ signal }) => greenroom.webhookEndpoints.list({ limit: MAX_PAGE_SIZE }, { signal }),
    }),

  webhookEndpoint: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['webhook-endpoints', 'one', id],
      queryFn: ({ signal }) => greenroom.webhookEndpoints.get(id, { signal }),
    }),

  /**
   * The deliveries of an endpoint, as far as the reader has requested them. `newestDeliveries` has the current first
   * page.
   */
  deliveryHistory: (greenroom: Greenroom, endpointId: string) =>
    infiniteQueryOptions({
      queryKey: ['webhook-deliveries', endpointId, 'history'],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.webhookDeliveries.list(
          endpointId,
          { limit: PAGE_SIZE, starting_after: pageParam },
          { signal },
        ),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? OLDER_DELIVERIES_MS : false),
    }),

  /** The newest deliveries of an endpoint, polled while the page shows them. */
  newestDeliveries: (greenroom: Greenroom, endpointId: string) =>
    queryOptions({
      queryKey: ['webhook-deliveries', endpointId, 'newest'],
      queryFn: async ({ signal }) =>
        greenroom.webhookDeliveries.list(endpointId, { limit: PAGE_SIZE }, { signal }),
      refetchInterval: ({ state }) => (state.data?.data.some(isDueSoon) === true ? DUE_MS : DELIVERIES_MS),
    }),

  webhookDelivery: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['webhook-deliveries', 'one', id],
      queryFn: ({ signal }) => greenroom.webhookDeliveries.get(id, { signal }),
      refetchInterval: ({ state }) =>
        state.data !== undefined && isDueSoon(state.data) ? DUE_MS : DELIVERIES_MS,
    }),

  event: (greenroom: Greenroom, id: string) =>
    queryOptions({
      queryKey: ['event', id],
      queryFn: ({ signal }) => greenroom.events.get(id, { signal }),
      // An event does not change.
      staleTime: Infinity,
      retryOnMount: isRetryable,
    }),

  /** The events of a filter, as far as the reader has scrolled. `newestEvents` finds new ones. */
  eventHistory: (greenroom: Greenroom, filter: EventFilter) =>
    infiniteQueryOptions({
      queryKey: ['event-history', filter],
      queryFn: async ({ pageParam, signal }) =>
        greenroom.events.list({ ...filter, limit: PAGE_SIZE, starting_after: pageParam }, { signal }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      staleTime: Infinity,
    }),

  /** The current first page of `eventHistory`. */
  newestEvents: (greenroom: Greenroom, filter: EventFilter) =>
    queryOptions({
      queryKey: ['events', 'newest', filter],
      queryFn: async ({ signal }) => greenroom.events.list({ ...filter, limit: PAGE_SIZE }, { signal }),
    }),

  plans: (greenroom: Greenroom) =>
    queryOptions({
      queryKey: ['plans'],
      queryFn: ({ signal }) => greenroom.plans.list({ signal }),
      staleTime: Infinity,
    }),
};

/**
 * Returns whether the next component that needs a failed query sends it again. A list may have many such components.
 */
function isRetryable({ state: { error } }: { state: { error: Error | null } }): boolean {
  return !(error instanceof GreenroomError && (error.type === 'not_found' || error.type === 'permission'));
}

function isDueSoon({ next_attempt_at: time }: Schemas['WebhookDelivery']): boolean {
  return time !== null && Date.parse(time) - Date.now() < SOON_MS;
}
