import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

export const avatarsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/avatars',
    component: lazyRouteComponent(() => import('./avatars-page.tsx'), 'AvatarsPage'),
  }),
] as const;
