import { sessionStatusFilterValues, type SessionStatusFilter } from '@greenroom/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

/** The filters of the list, named as those of the API. */
export interface SessionsSearch {
  status?: readonly SessionStatusFilter[] | undefined;
}

const statuses: readonly unknown[] = sessionStatusFilterValues;

/** Reads the filters of an address. Leaves out what the API does not know. */
function readSearch({ status }: Record<string, unknown>): SessionsSearch {
  const known = [status].flat().filter((each): each is SessionStatusFilter => statuses.includes(each));
  return known.length === 0 ? {} : { status: known };
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
