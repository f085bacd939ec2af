import { eventTypeValues, type EventType } from '@greenroom/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

/** The filters of the event log, with the names of the API, and the open event. */
export interface EventsSearch {
  type?: readonly EventType[] | undefined;
  session_id?: string | undefined;
  /** RFC 3339, inclusive. */
  created_after?: string | undefined;
  /** RFC 3339, exclusive. */
  created_before?: string | undefined;
  event?: string | undefined;
}

/** The open delivery of an endpoint. */
export interface EndpointSearch {
  delivery?: string | undefined;
}

const types: readonly unknown[] = eventTypeValues;

function readEventsSearch(search: Record<string, unknown>): EventsSearch {
  const { type, session_id, created_after, created_before, event } = search;
  const known = [type].flat().filter((each): each is EventType => types.includes(each));
  return {
    ...(known.length > 0 && { type: known }),
    ...(isText(session_id) && { session_id }),
    ...(isTime(created_after) && { created_after }),
    ...(isTime(created_before) && { created_before }),
    ...(isText(event) && { event }),
  };
}

function readEndpointSearch({ delivery }: Record<string, unknown>): EndpointSearch {
  return isText(delivery) ? { delivery } : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is string {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

const developersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/developers',
  component: lazyRouteComponent(() => import('./developers-page.tsx'), 'DevelopersPage'),
});

const parts = [
  createRoute({
    getParentRoute: () => developersRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./keys-page.tsx'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => developersRoute,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./webhooks-page.tsx'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: () => developersRoute,
    path: '/webhooks/$endpointId',
    validateSearch: readEndpointSearch,
    component: lazyRouteComponent(() => import('./endpoint-page.tsx'), 'EndpointPage'),
  }),
  createRoute({
    getParentRoute: () => developersRoute,
    path: '/events',
    validateSearch: readEventsSearch,
    component: lazyRouteComponent(() => import('./events-page.tsx'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => developersRoute,
    path: '/limits',
    component: lazyRouteComponent(() => import('./limits-page.tsx'), 'LimitsPage'),
  }),
] as const;

export const developersRoutes = [developersRoute.addChildren(parts)] as const;
