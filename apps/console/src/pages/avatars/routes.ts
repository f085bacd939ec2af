import { avatarScopeValues, type AvatarScope } from '@greenroom/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from '../../shell/shell-route.ts';

/** The filters of the gallery, which are in the address. */
export interface AvatarsSearch {
  /** All by default. */
  scope?: AvatarScope | undefined;
  /** A part of the name or the id. */
  q?: string | undefined;
}

const MAX_QUERY_LENGTH = 100;

function readSearch({ scope, q }: Record<string, unknown>): AvatarsSearch {
  const known = avatarScopeValues.find((each) => each === scope && each !== 'all');
  // The router parses `?q=7` as a number.
  const text = typeof q === 'string' || typeof q === 'number' ? String(q).slice(0, MAX_QUERY_LENGTH) : '';
  return { ...(known !== undefined && { scope: known }), ...(text !== '' && { q: text }) };
}

export const avatarsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/avatars',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./avatars-page.tsx'), 'AvatarsPage'),
  }),
] as const;
