import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider } from '@tanstack/react-router';

import { addresses } from './api/addresses.ts';
import { NotFound } from './components/not-found.tsx';
import { PageError } from './components/page-error.tsx';
import { Toasts } from './components/toasts.tsx';
import { routeTree } from './routes.ts';

const queryClient = new QueryClient({
  // The client repeats requests itself where that is safe.
  defaultOptions: { queries: { retry: false, staleTime: 10_000 }, mutations: { retry: false } },
});

const router = createRouter({
  routeTree,
  basepath: addresses.basePath,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** The console: its pages, and what all of them share. */
export function App() {
  return (
    // The policy of the pages allows no inline styles.
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </CSPProvider>
  );
}
