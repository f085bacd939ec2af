import { useQuery } from '@tanstack/react-query';

import { queries } from '../../api/queries.ts';
import { useGreenroom, useSignIn } from '../../api/sign-in.ts';
import { Figure } from '../../components/figure.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { numberText } from './day-table.tsx';
import { currentMonthId, monthOf, shiftedMonthId, type Month } from './months.ts';

/** The totals of a month next to those of the month before. `credits` is null while they are unknown. */
export function MonthFigures({ month, credits }: { month: Month; credits: number | null }) {
  const greenroom = useGreenroom();
  const mode = useSignIn()?.mode;
  const before = monthOf(shiftedMonthId(month.id, -1));
  const query = useQuery(queries.usageSummary(greenroom, month.start, month.end));
  const { data: earlier } = useQuery(queries.usageSummary(greenroom, before.start, before.end));
  const compared = (now: number, then: number | undefined) =>
    then === undefined ? ' ' : `${before.name}: ${numberText(then)}${changeText(month, now, then)}`;
  return (
    <QueryView query={query} skeleton={<div className="figures" />}>
      {({ billable_seconds, sessions }) => (
        <div className="figures">
          <Figure
            name="Billed seconds"
            value={numberText(billable_seconds)}
            hint={compared(billable_seconds, earlier?.billable_seconds)}
          />
          <Figure name="Sessions" value={numberText(sessions)} hint={compared(sessions, earlier?.sessions)} />
          <Figure
            name="Seconds per session"
            value={numberText(average(billable_seconds, sessions))}
            hint={
              earlier === undefined
                ? ' '
                : `${before.name}: ${numberText(average(earlier.billable_seconds, earlier.sessions))}`
            }
          />
          <Figure
            name="Credits"
            value={numberText(credits)}
            hint={mode === 'test' ? 'Test sessions cost none' : 'From the billing records below'}
          />
        </div>
      )}
    </QueryView>
  );
}

function average(seconds: number, sessions: number): number | null {
  return sessions === 0 ? null : Math.round(seconds / sessions);
}

/** A month that is not over cannot be compared in percent. */
function changeText({ id }: Month, now: number, then: number): string {
  if (then === 0 || id === currentMonthId()) return '';
  const percent = Math.round((now / then - 1) * 100);
  return ` (${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)}%)`;
}
