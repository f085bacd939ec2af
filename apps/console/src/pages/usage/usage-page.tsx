import { useQuery } from '@tanstack/react-query';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Figure } from '../../components/figure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';

/** What this month used. */
export function UsagePage() {
  const query = useQuery(queries.usage(useGreenroom(), 'current_month'));
  return (
    <div className="page">
      <PageHeader title="Usage" lead="Billed seconds of this month, in UTC." />
      <QueryView query={query} skeleton={<SkeletonRows rows={5} />}>
        {({ billable_seconds, sessions, by_quality }) => (
          <>
            <div className="figures">
              <Figure name="Billed seconds" value={billable_seconds.toLocaleString('en')} />
              <Figure name="Sessions" value={sessions.toLocaleString('en')} />
            </div>
            <div className="table-frame">
              <table className="table">
                <caption className="hidden">Billed seconds by quality</caption>
                <thead>
                  <tr>
                    <th scope="col">Quality</th>
                    <th scope="col" className="number">
                      Billed seconds
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {Object.entries(by_quality).map(([quality, seconds]) => (
                    <tr key={quality}>
                      <td>{quality}</td>
                      <td className="number">{seconds.toLocaleString('en')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </QueryView>
    </div>
  );
}
