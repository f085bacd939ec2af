import { useQuery } from '@tanstack/react-query';

import { queries, type Session } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { isLive } from '../../session/session-times.ts';
import { TimesNote } from './session-timeline.tsx';

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** A running session gets a record for each minute. */
const REFETCH_MS = 15_000;

/** The billing records of a session. */
export function SessionUsage({ session }: { session: Session }) {
  const query = useQuery({
    ...queries.sessionUsage(useGreenroom(), session.id),
    refetchInterval: isLive(session) && REFETCH_MS,
  });
  return (
    <section className="part">
      <h2>Usage events</h2>
      <QueryView query={query} skeleton={<SkeletonRows rows={2} />}>
        {({ data }) => {
          if (data.length === 0) {
            return <EmptyState title={isLive(session) ? 'Nothing was billed yet.' : 'Nothing was billed.'} />;
          }
          const sum = (of: 'billable_seconds' | 'credits') =>
            data.reduce((total, each) => total + each[of], 0).toLocaleString('en');
          return (
            <>
              <TimesNote time={data.at(-1)?.interval_start ?? session.created_at} />
              <div className="table-frame" tabIndex={0} role="region" aria-label="Usage events">
                <table className="table">
                  <thead>
                    <tr>
                      <th scope="col">Interval</th>
                      <th scope="col" className="wide-only">
                        Record
                      </th>
                      <th scope="col" className="number">
                        Seconds
                      </th>
                      <th scope="col" className="number wide-only">
                        Credits per minute
                      </th>
                      <th scope="col" className="number">
                        Credits
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.map((record) => (
                      <tr key={record.id}>
                        <td className="time">
                          {clock.format(new Date(record.interval_start))} –{' '}
                          {clock.format(new Date(record.interval_end))}
                        </td>
                        <td className="mono cut wide-only">{record.id}</td>
                        <td className="number">{record.billable_seconds.toLocaleString('en')}</td>
                        <td className="number wide-only">{record.multiplier.toLocaleString('en')}</td>
                        <td className="number">{record.credits.toLocaleString('en')}</td>
                      </tr>
                    ))}
                  </tbody>
                  <tfoot>
                    <tr>
                      <th scope="row">Total</th>
                      <td className="wide-only" />
                      <td className="number">{sum('billable_seconds')}</td>
                      <td className="wide-only" />
                      <td className="number">{sum('credits')}</td>
                    </tr>
                  </tfoot>
                </table>
              </div>
            </>
          );
        }}
      </QueryView>
    </section>
  );
}
