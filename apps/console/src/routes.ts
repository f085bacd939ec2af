import { avatarsRoutes } from './pages/avatars/routes.ts';
import { developersRoutes } from './pages/developers/routes.ts';
import { nowRoutes } from './pages/now/routes.ts';
import { sessionsRoutes } from './pages/sessions/routes.ts';
import { usageRoutes } from './pages/usage/routes.ts';
import { rootRoute } from './shell/root-route.ts';
import { shellRoute } from './shell/shell-route.ts';
import { signInRoute } from './shell/sign-in-route.ts';

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
