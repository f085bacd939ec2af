import { useQuery } from '@tanstack/react-query';

import { queries } from '../../api/queries.ts';
import { useGreenroom, useSignIn } from '../../api/sign-in.ts';
import { Figure } from '../../components/figure.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { numberText } from './day-table.tsx';
import { currentMonthId, dayName, endOfDay, monthOf, shiftedMonthId, type Month } from './months.ts';
import { sumOf, usageDays } from './usage-days.ts';

/**
 * The totals of a month next to those of the month before, or of as many of its days as the current month has had.
 * `credits` is null while unknown.
 */
export function MonthFigures({ month, credits }: { month: Month; credits: number | null }) {
  const greenroom = useGreenroom();
  const isTest = useSignIn()?.mode === 'test';
  const before = monthBefore(month);
  const query = useQuery(queries.usageSummary(greenroom, month.start, month.end));
  const { data: earlier } = useQuery(queries.usageSummary(greenroom, before.start, before.end));
  const { data: earlierDays } = useQuery({ ...usageDays(greenroom, before.id), enabled: !isTest });
  const earlierSum = earlierDays && sumOf(earlierDays.days.slice(0, before.days.length));
  // Records that are no longer kept have no credits.
  const earlierCredits = earlierSum?.seconds === earlier?.billable_seconds ? earlierSum?.credits : undefined;
  const compared = (now: number | null, then: number | null | undefined) =>
    then == null ? ' ' : `${before.name}: ${numberText(then)}${changeText(now, then)}`;
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
            hint={compared(
              average(billable_seconds, sessions),
              earlier && average(earlier.billable_seconds, earlier.sessions),
            )}
          />
          <Figure
            name="Credits"
            value={numberText(credits)}
            hint={isTest ? 'Test sessions are free' : compared(credits, earlierCredits)}
          />
        </div>
      )}
    </QueryView>
  );
}

/** Returns the month before. For the current month, only as many days as it has had so far. */
function monthBefore({ id, days }: Month): Month {
  const before = monthOf(shiftedMonthId(id, -1));
  const last = before.days[days.length - 1];
  if (id !== currentMonthId() || last === undefined) return before;
  return {
    ...before,
    name: days.length === 1 ? dayName(last) : `${dayName(before.start.slice(0, 10))} – ${dayName(last)}`,
    end: endOfDay(last),
    days: before.days.slice(0, days.length),
  };
}

function average(seconds: number, sessions: number): number | null {
  return sessions === 0 ? null : Math.round(seconds / sessions);
}

function changeText(now: number | null, then: number): string {
  if (now === null || then === 0) return '';
  const percent = Math.round((now / then - 1) * 100);
  return ` (${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)}%)`;
}
