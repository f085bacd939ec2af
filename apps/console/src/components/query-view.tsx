import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ErrorState } from './error-state.tsx';

export interface QueryViewProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'> & { isFetchNextPageError?: boolean };
  /** As large as the content, so that nothing moves when it arrives. */
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/**
 * Shows the data of a query, its error, or a skeleton. Known data stays while it is requested again, even when that
 * fails.
 */
export function QueryView<Data>({ query, skeleton, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error !== null && query.isFetchNextPageError !== true && (
          <p className="notice" role="status">
            Not up to date. {query.error.message}
          </p>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.error !== null) {
    const retry = () => {
      query.refetch().catch(reportError);
    };
    return <ErrorState error={query.error} onRetry={retry} />;
  }
  return (
    <div aria-busy="true">
      <span className="hidden">Loading</span>
      {skeleton}
    </div>
  );
}
