import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

import { queries } from '../../api/queries.ts';
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
import { currentMonthId, monthOf, shiftedMonthId, type Month } from './months.ts';
import type { UsageSearch } from './routes.ts';
import './usage.css';
import { MAX_EVENTS, readWholeMonth, sumOf, usageDays, type Day } from './usage-days.ts';

/** The usage of a month, day by day. */
export function UsagePage() {
  const search: UsageSearch = useSearch({ from: '/shell/usage' });
  const mode = useSignIn()?.mode ?? 'test';
  const month = monthOf(search.month ?? currentMonthId());
  const greenroom = useGreenroom();
  const query = useQuery(usageDays(greenroom, month.id));
  const { data: summary } = useQuery(queries.usageSummary(greenroom, month.start, month.end));
  const days = query.data?.days;
  const sum = days && sumOf(days);
  const isOver = month.id < currentMonthId();
  const isIncomplete =
    isOver && summary !== undefined && sum !== undefined && sum.seconds < summary.billable_seconds;
  const save = () => {
    if (days !== undefined) download(`greenroom-usage-${mode}-${month.id}.csv`, csvOf(days));
  };
  return (
    <div className="page">
      <PageHeader
        title="Usage"
        lead={`Usage of your ${mode} sessions in ${month.name}. Days and months are in UTC.`}
        actions={
          <Button onClick={save} disabled={sum === undefined || sum.seconds === 0}>
            Download CSV
          </Button>
        }
      />
      <MonthLinks search={search} />
      {/* Without the scope, both requests fail with the same error. */}
      {query.error === null && (
        <MonthFigures month={month} credits={isIncomplete ? null : (sum?.credits ?? null)} />
      )}
      {isIncomplete && (
        <p className="notice" role="note">
          {sum.seconds === 0 ? 'The details' : 'Some details'} of {month.name} are no longer kept. The totals
          are complete, but without credits.
        </p>
      )}
      <QueryView query={query} skeleton={<SkeletonRows rows={8} />}>
        {(usage) =>
          isIncomplete && sum.seconds === 0 ? null : <Days days={usage.days} month={month} search={search} />
        }
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

function Days({ days, month, search }: { days: readonly Day[]; month: Month; search: UsageSearch }) {
  const { seconds, credits } = sumOf(days);
  if (seconds === 0) {
    return (
      <EmptyState title={`Nothing was billed in ${month.name}.`}>
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
      {credits === null && <MissingCredits month={month} />}
      <DayChart days={days} unit={unit} />
      <DayTable days={days} />
    </section>
  );
}

/** Explains why credits are missing, and adds them up on request. */
function MissingCredits({ month }: { month: Month }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const [records, setRecords] = useState(0);
  const addUp = useMutation({
    mutationFn: async () => readWholeMonth(greenroom, month.id, setRecords),
    onSuccess: async (usage) => {
      const { queryKey } = usageDays(greenroom, month.id);
      // A query in progress would replace the result by days without credits.
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, usage);
    },
  });
  return (
    <div className="notice missing-credits">
      <p>
        Days with a dash show no credits, because only the newest {MAX_EVENTS.toLocaleString('en')} usage
        events of the month were added up. The seconds are complete.
      </p>
      <Button isBusy={addUp.isPending} onClick={() => addUp.mutate()}>
        {addUp.isPending ? `${records.toLocaleString('en')} usage events read` : 'Add up all usage events'}
      </Button>
      <span className="problem" role="alert">
        {addUp.error?.message}
      </span>
    </div>
  );
}
