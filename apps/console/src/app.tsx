import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRouter, Link, RouterProvider, type ErrorComponentProps } from '@tanstack/react-router';

import { addresses } from './api/addresses.ts';
import { EmptyState } from './components/empty-state.tsx';
import { ErrorState } from './components/error-state.tsx';
import { PageHeader } from './components/page-header.tsx';
import { Toasts } from './components/toasts.tsx';
import { routeTree } from './routes.ts';

const queryClient = new QueryClient({
  // The client retries requests itself where that is safe.
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

/** The page of an address that the console does not have. */
function NotFound() {
  return (
    <div className="page">
      <PageHeader title="Page not found" />
      <EmptyState title="The console has no page at this address.">
        <Link to="/">See live sessions</Link>
      </EmptyState>
    </div>
  );
}

/** Takes the place of a page that failed. The navigation goes on working. */
function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <PageHeader title="Something went wrong" />
      <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </div>
  );
}
