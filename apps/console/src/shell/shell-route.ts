import { createRoute, lazyRouteComponent, redirect, type ParsedLocation } from '@tanstack/react-router';

import { currentSignIn } from '../api/sign-in.ts';
import { rootRoute } from './root-route.ts';

/** The frame of every page but the sign-in. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (currentSignIn() !== null) return;
    redirect({ to: '/sign-in', search: { to: returnPath(location) }, throw: true });
  },
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
});

/** Returns the path of the page with its filters, to open after a sign-in; undefined for the first page. */
export function returnPath({ pathname, searchStr }: ParsedLocation): string | undefined {
  return pathname === '/' ? undefined : `${pathname}${searchStr}`;
}
