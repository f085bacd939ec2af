import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

export const nowRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./now-page.tsx'), 'NowPage'),
  }),
] as const;
