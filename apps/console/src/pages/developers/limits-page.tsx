import { useQuery } from '@tanstack/react-query';

import { COUNTERS_MS, queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { LimitFigures } from '../now/limit-figures.tsx';

const RATE_LIMITS: Record<string, string | undefined> = {
  requests: 'all requests',
  creates: 'creating sessions',
};

/** The limits of the organisation, with the usage and the meaning of each. */
export function LimitsPage() {
  const greenroom = useGreenroom();
  const query = useQuery({ ...queries.limits(greenroom), refetchInterval: COUNTERS_MS });
  const plans = useQuery(queries.plans(greenroom));
  return (
    <>
      <section className="part">
        <h2>Limits</h2>
        <LimitFigures />
      </section>
      <section className="part">
        <h2>Rate limits of your key</h2>
        <QueryView query={query} skeleton={<SkeletonRows rows={2} />}>
          {({ rate_limits: limits }) => (
            <div className="table-frame">
              <table className="table">
                <caption className="hidden">Rate limits</caption>
                <thead>
                  <tr>
                    <th scope="col">Limit</th>
                    <th scope="col" className="number">
                      Left now
                    </th>
                    <th scope="col" className="number">
                      Allowed
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {limits.map(({ name, limit, remaining, window_seconds: seconds }) => (
                    <tr key={name}>
                      <td>
                        <code>{name}</code> <span className="muted wide-only">{RATE_LIMITS[name]}</span>
                      </td>
                      <td className="number">{remaining.toLocaleString('en')}</td>
                      <td className="number">
                        {limit.toLocaleString('en')} in {seconds} s
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </QueryView>
      </section>
      <section className="part">
        <h2>What the limits mean</h2>
        <dl className="meanings">
          <div>
            <dt>
              Plan
              {query.data !== undefined &&
                `: ${plans.data?.find(({ key }) => key === query.data.plan)?.name ?? query.data.plan}`}
            </dt>
            <dd>Sets the limits below for your organisation. The operator of this server can change it.</dd>
          </div>
          <div>
            <dt>Live sessions</dt>
            <dd>Sessions that are not over yet. At the limit, new sessions are rejected.</dd>
          </div>
          <div>
            <dt>Credits</dt>
            <dd>
              A new session reserves its maximum cost. When it is over, its actual cost is debited and the
              rest is released. Available credits are the balance minus the reserved credits.
            </dd>
          </div>
          <div>
            <dt>Longest session</dt>
            <dd>
              A session ends by itself after this time, or earlier if it was created with a shorter maximum.
            </dd>
          </div>
          <div>
            <dt>Rate limits</dt>
            <dd>
              A request over a limit gets the status 429, and Retry-After says when to repeat it. The client
              waits and repeats it for you.
            </dd>
          </div>
        </dl>
      </section>
    </>
  );
}
