import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

/** The state of the usage page, which is in the address. */
export interface UsageSearch {
  /** A month in UTC, such as `2026-11`; the current one by default. */
  month?: string | undefined;
  /** The unit of the bars; seconds by default. */
  unit?: 'credits' | undefined;
}

function readSearch({ month, unit }: Record<string, unknown>): UsageSearch {
  return {
    ...(typeof month === 'string' && /^20\d\d-(0[1-9]|1[0-2])$/.test(month) && { month }),
    ...(unit === 'credits' && { unit }),
  };
}

export const usageRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/usage',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./usage-page.tsx'), 'UsagePage'),
  }),
] as const;
