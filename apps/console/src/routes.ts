import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { avatarsRoutes } from './pages/avatars/routes.ts';
import { developersRoutes } from './pages/developers/routes.ts';
import { nowRoutes } from './pages/now/routes.ts';
import { sessionsRoutes } from './pages/sessions/routes.ts';
import { usageRoutes } from './pages/usage/routes.ts';
import { rootRoute } from './shell/root-route.ts';
import { shellRoute } from './shell/shell-route.ts';

interface SignInSearch {
  /** The path of the console to open afterwards. */
  to?: string | undefined;
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // Only paths of the console.
  validateSearch: ({ to }: Record<string, unknown>): SignInSearch =>
    typeof to === 'string' && /^\/(?!\/)/.test(to) ? { to } : {},
  component: lazyRouteComponent(() => import('./shell/sign-in-page.tsx'), 'SignInPage'),
});

/** Every address of the console. */
export const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    ...nowRoutes,
    ...sessionsRoutes,
    ...usageRoutes,
    ...avatarsRoutes,
    ...developersRoutes,
  ]),
]);
