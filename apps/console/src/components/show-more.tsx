import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { Button } from './button.tsx';

export interface ShowMoreProps {
  query: Pick<
    UseInfiniteQueryResult,
    'error' | 'fetchNextPage' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError'
  >;
  /** Also requests the next page when the button scrolls into view. */
  isAutomatic?: boolean;
  children: string;
}

/** Requests the next page of a list, while there is one, and shows why a request failed. */
export function ShowMore({ query, isAutomatic = false, children }: ShowMoreProps) {
  const { error, fetchNextPage, hasNextPage, isFetchingNextPage: isBusy, isFetchNextPageError } = query;
  const place = useRef<HTMLDivElement>(null);
  // After an error, only a click requests it again.
  const isWatching = isAutomatic && hasNextPage && !isBusy && !isFetchNextPageError;
  useEffect(() => {
    const element = place.current;
    if (!isWatching || element === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) fetchNextPage().catch(reportError);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isWatching, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={place} className="more">
      {isFetchNextPageError && (
        <p role="alert" className="problem">
          {error?.message}
        </p>
      )}
      <Button
        isBusy={isBusy}
        onClick={() => {
          fetchNextPage().catch(reportError);
        }}
      >
        {children}
      </Button>
    </div>
  );
}
