import { useQuery } from '@tanstack/react-query';

import { COUNTERS_MS, queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Figure } from '../../components/figure.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';

/** The usage of slots and credits. */
export function LimitFigures() {
  const query = useQuery({ ...queries.limits(useGreenroom()), refetchInterval: COUNTERS_MS });
  return (
    <QueryView query={query} skeleton={<FiguresSkeleton />}>
      {({ concurrent_sessions: slots, credits, max_session_seconds: seconds }) => (
        <div className="figures">
          <Figure
            name="Live sessions"
            value={text(slots.active)}
            hint={`of ${text(slots.limit)} at once`}
            share={ratio(slots.active, slots.limit)}
          />
          <Figure
            name="Credits available"
            value={text(credits.available)}
            hint={`${text(credits.reserved)} reserved`}
            share={ratio(credits.reserved, credits.balance)}
          />
          <Figure name="Longest session" value={durationText(seconds)} hint="on your plan" />
        </div>
      )}
    </QueryView>
  );
}

function FiguresSkeleton() {
  return (
    <div className="figures">
      {[0, 1, 2].map((each) => (
        <div key={each} className="figure">
          <Skeleton width={12} />
          <Skeleton width={6} height={36} />
        </div>
      ))}
    </div>
  );
}

function text(number: number): string {
  return number.toLocaleString('en');
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 1;
}

function durationText(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
