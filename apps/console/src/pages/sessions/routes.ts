import { sessionStatusFilterValues, type SessionStatusFilter } from '@greenroom/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

/** The filters of the list, with the names of the API. */
export interface SessionsSearch {
  status?: readonly SessionStatusFilter[] | undefined;
  avatar_id?: string | undefined;
  /** RFC 3339, inclusive. */
  created_after?: string | undefined;
  /** RFC 3339, exclusive. */
  created_before?: string | undefined;
}

const statuses: readonly unknown[] = sessionStatusFilterValues;

/** Reads the filters of an address. Leaves out those that the API does not have. */
function readSearch(search: Record<string, unknown>): SessionsSearch {
  const { status, avatar_id, created_after, created_before } = search;
  const known = [status].flat().filter((each): each is SessionStatusFilter => statuses.includes(each));
  return {
    ...(known.length > 0 && { status: known }),
    ...(typeof avatar_id === 'string' && avatar_id !== '' && { avatar_id }),
    ...(isTime(created_after) && { created_after }),
    ...(isTime(created_before) && { created_before }),
  };
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

export const sessionsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/sessions',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./sessions-page.tsx'), 'SessionsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/sessions/$sessionId',
    component: lazyRouteComponent(() => import('./session-page.tsx'), 'SessionPage'),
  }),
] as const;
