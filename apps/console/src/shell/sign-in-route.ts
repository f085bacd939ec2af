import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { rootRoute } from './root-route.ts';

export interface SignInSearch {
  /** The path of the console to open afterwards. */
  to?: string | undefined;
}

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // Only paths of the console.
  validateSearch: ({ to }: Record<string, unknown>): SignInSearch =>
    typeof to === 'string' && /^\/(?!\/)/.test(to) ? { to } : {},
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
});
