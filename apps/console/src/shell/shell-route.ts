import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { currentSignIn } from '../api/sign-in.ts';
import { rootRoute } from './root-route.ts';

/** What every page but the sign-in is inside of. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (currentSignIn() !== null) return;
    const { pathname, searchStr } = location;
    const to = pathname === '/' ? undefined : `${pathname}${searchStr}`;
    redirect({ to: '/sign-in', search: { to }, throw: true });
  },
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
});
