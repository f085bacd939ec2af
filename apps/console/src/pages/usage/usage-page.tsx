import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';

import { useGreenroom, useSignIn } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { csvOf, download } from './csv.ts';
import { DayChart } from './day-chart.tsx';
import { DayTable } from './day-table.tsx';
import { MonthFigures } from './month-figures.tsx';
import { currentMonthId, monthOf, shiftedMonthId } from './months.ts';
import type { UsageSearch } from './routes.ts';
import './usage.css';
import { MOST_EVENTS, sumOf, usageDays, type Day } from './usage-days.ts';

/** What a month used, day by day. */
export function UsagePage() {
  const search: UsageSearch = useSearch({ from: '/shell/usage' });
  const mode = useSignIn()?.mode ?? 'test';
  const month = monthOf(search.month ?? currentMonthId());
  const query = useQuery(usageDays(useGreenroom(), month.id));
  const save = () => {
    if (query.data !== undefined) download(`greenroom-usage-${mode}-${month.id}.csv`, csvOf(query.data));
  };
  return (
    <div className="page">
      <PageHeader
        title="Usage"
        lead={`What your ${mode} sessions used in ${month.name}. Days and months are in UTC.`}
        actions={
          <Button onClick={save} disabled={query.data === undefined || sumOf(query.data).seconds === 0}>
            Download CSV
          </Button>
        }
      />
      <MonthLinks search={search} />
      {/* Without the scope, both requests fail in the same way. */}
      {query.error === null && (
        <MonthFigures month={month} credits={query.data === undefined ? null : sumOf(query.data).credits} />
      )}
      <QueryView query={query} skeleton={<SkeletonRows rows={8} />}>
        {(days) => <Days days={days} monthName={month.name} search={search} />}
      </QueryView>
    </div>
  );
}

function MonthLinks({ search }: { search: UsageSearch }) {
  const current = currentMonthId();
  const shown = search.month ?? current;
  const searchOf = (id: string) => ({ ...search, month: id === current ? undefined : id });
  return (
    <nav className="months" aria-label="Month">
      <Link to="/usage" search={searchOf(shiftedMonthId(shown, -1))} className="button">
        <span aria-hidden="true">←</span> {monthOf(shiftedMonthId(shown, -1)).name}
      </Link>
      <strong className="month-name">{monthOf(shown).name}</strong>
      {shown < current && (
        <Link to="/usage" search={searchOf(shiftedMonthId(shown, 1))} className="button">
          {monthOf(shiftedMonthId(shown, 1)).name} <span aria-hidden="true">→</span>
        </Link>
      )}
    </nav>
  );
}

function Days({ days, monthName, search }: { days: readonly Day[]; monthName: string; search: UsageSearch }) {
  const { seconds, credits } = sumOf(days);
  if (seconds === 0) {
    return (
      <EmptyState title={`Nothing was billed in ${monthName}.`}>
        A session is billed from its first video frame to its end.
      </EmptyState>
    );
  }
  // Test sessions cost no credits, so there are no bars of them.
  const hasCredits = credits !== null && credits > 0;
  const unit = hasCredits ? (search.unit ?? 'seconds') : 'seconds';
  return (
    <section className="usage-days" aria-labelledby="by-day">
      <div className="part-header">
        <h2 id="by-day">By day and quality</h2>
        {hasCredits && (
          <nav className="units" aria-label="Unit of the bars">
            {(['seconds', 'credits'] as const).map((each) => (
              <Link
                key={each}
                to="/usage"
                search={{ ...search, unit: each === 'credits' ? each : undefined }}
                activeOptions={{ exact: true, includeSearch: true }}
                className="tab"
              >
                {each}
              </Link>
            ))}
          </nav>
        )}
      </div>
      {credits === null && (
        <p className="notice" role="note">
          This month has more than {MOST_EVENTS.toLocaleString('en')} billing records, too many to add up
          here. The seconds are from the summary of each day, which has no credits.
        </p>
      )}
      <DayChart days={days} unit={unit} />
      <DayTable days={days} />
    </section>
  );
}
