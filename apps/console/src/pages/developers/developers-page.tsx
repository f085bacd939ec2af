import { useQuery } from '@tanstack/react-query';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';

/** Keys of this mode. */
export function DevelopersPage() {
  const query = useQuery(queries.apiKeys(useGreenroom()));
  return (
    <div className="page">
      <PageHeader title="Developers" lead="API keys of this mode." />
      <section className="part">
        <h2>API keys</h2>
        <QueryView query={query} skeleton={<SkeletonRows rows={4} />}>
          {({ data }) => {
            if (data.length === 0) return <EmptyState title="There is no key." />;
            return (
              <div className="table-frame">
                <table className="table">
                  <caption className="hidden">API keys</caption>
                  <thead>
                    <tr>
                      <th scope="col">Name</th>
                      <th scope="col">Key</th>
                      <th scope="col" className="wide-only">
                        Scopes
                      </th>
                      <th scope="col" className="number">
                        Last used
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.map((key) => (
                      <tr key={key.id}>
                        <td>{key.name}</td>
                        <td>
                          <code>{key.hint}</code>
                        </td>
                        <td className="wide-only">{key.scopes.length}</td>
                        <td className="number">
                          {key.last_used_at === null ? 'never' : <RelativeTime time={key.last_used_at} />}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            );
          }}
        </QueryView>
      </section>
    </div>
  );
}
