import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

export const developersRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/developers',
    component: lazyRouteComponent(() => import('./developers-page.tsx'), 'DevelopersPage'),
  }),
] as const;
