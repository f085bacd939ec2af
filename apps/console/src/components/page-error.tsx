import type { ErrorComponentProps } from '@tanstack/react-router';

import { ErrorState } from './error-state.tsx';
import { PageHeader } from './page-header.tsx';

/** Takes the place of a page that failed. The navigation goes on working. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <PageHeader title="Something went wrong" />
      <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </div>
  );
}
