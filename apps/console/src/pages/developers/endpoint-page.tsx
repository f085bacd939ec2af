import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Id } from '../../components/id.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Deliveries } from './deliveries.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import '../sessions/session.css';

const route = getRouteApi('/shell/developers/webhooks/$endpointId');

const DISABLED: Record<string, string | undefined> = {
  requested: 'You disabled it. Nothing is sent.',
  gone: 'It responded with 410 to a delivery, so nothing more is sent. Enable it once it works again.',
  failing: 'Every attempt for five days failed, so nothing more is sent. Enable it once it works again.',
};

/** A webhook endpoint and its deliveries. */
export function EndpointPage() {
  const { endpointId } = route.useParams();
  const query = useQuery(queries.webhookEndpoint(useGreenroom(), endpointId));
  return (
    <>
      <Link to="/developers/webhooks" className="back">
        Webhook endpoints
      </Link>
      <QueryView query={query} skeleton={<SkeletonRows rows={3} height={60} />}>
        {(endpoint) => (
          <>
            <section className="part">
              <h2 className="row-name">
                {endpoint.url}
                <StatusBadge status={endpoint.status} />
              </h2>
              {endpoint.description !== '' && <p className="muted">{endpoint.description}</p>}
              {endpoint.disabled_reason !== null && (
                <p className="notice">{DISABLED[endpoint.disabled_reason] ?? endpoint.disabled_reason}</p>
              )}
              <Id id={endpoint.id} />
              <span className="tag-list" role="group" aria-label="Events">
                {(endpoint.event_types.length === 0 ? ['all events'] : endpoint.event_types).map((type) => (
                  <code key={type} className="tag">
                    {type}
                  </code>
                ))}
              </span>
              <EndpointActions endpoint={endpoint} />
            </section>
            <Deliveries endpointId={endpoint.id} />
          </>
        )}
      </QueryView>
    </>
  );
}
