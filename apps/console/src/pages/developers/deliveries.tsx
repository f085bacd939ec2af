import type { Schemas } from '@greenroom/client';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Id } from '../../components/id.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { dateTimeText, RelativeTime } from '../../components/relative-time.tsx';
import { ScopedButton } from '../../components/scoped-button.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useToast } from '../../components/toasts.tsx';

type Delivery = Schemas['WebhookDelivery'];

const route = getRouteApi('/shell/developers/webhooks/$endpointId');

/** The deliveries to an endpoint, newest first. The address names the open one. */
export function Deliveries({ endpointId }: { endpointId: string }) {
  const { query, deliveries } = useDeliveries(endpointId);
  const { delivery: openId } = route.useSearch();
  const isListed = deliveries.some(({ id }) => id === openId);
  return (
    <section className="part">
      <h2>Deliveries</h2>
      {query.data !== undefined && openId !== undefined && !isListed && <OlderDelivery id={openId} />}
      <QueryView query={query} skeleton={<SkeletonRows rows={4} height={52} />}>
        {() =>
          deliveries.length === 0 ? (
            <EmptyState title="No deliveries yet.">Send a test event to see what arrives.</EmptyState>
          ) : (
            <ul className="rows">
              {deliveries.map((delivery) => (
                <DeliveryRow key={delivery.id} delivery={delivery} isOpen={delivery.id === openId} />
              ))}
            </ul>
          )
        }
      </QueryView>
      <ShowMore query={query}>Show older deliveries</ShowMore>
    </section>
  );
}

/** Returns the deliveries as far as the reader has requested them. Only the newest are polled. */
function useDeliveries(endpointId: string) {
  const greenroom = useGreenroom();
  const query = useInfiniteQuery(queries.deliveryHistory(greenroom, endpointId));
  const { data: newest } = useQuery({
    ...queries.newestDeliveries(greenroom, endpointId),
    enabled: query.data !== undefined,
  });
  const known = query.data?.pages.flatMap((page) => page.data) ?? [];
  const fresh = newest?.data ?? [];
  const knownIds = new Set(known.map(({ id }) => id));
  // There may be a gap between the two.
  const isApart = newest?.has_more === true && !fresh.some(({ id }) => knownIds.has(id));
  const { refetch } = query;
  useEffect(() => {
    if (isApart) refetch().catch(reportError);
  }, [isApart, refetch]);
  const byId = new Map([...known, ...fresh].map((delivery) => [delivery.id, delivery]));
  // Ids are in the order of creation.
  return { query, deliveries: [...byId.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1)) };
}

/** The delivery in the address, when it is on a page that was not requested. */
function OlderDelivery({ id }: { id: string }) {
  const query = useQuery(queries.webhookDelivery(useGreenroom(), id));
  return (
    <QueryView query={query} skeleton={<SkeletonRows rows={1} height={52} />}>
      {(delivery) => (
        <ul className="rows">
          <DeliveryRow delivery={delivery} isOpen />
        </ul>
      )}
    </QueryView>
  );
}

function DeliveryRow({ delivery, isOpen }: { delivery: Delivery; isOpen: boolean }) {
  const { id, event_type: type, status, attempts, created_at: created } = delivery;
  return (
    <li>
      <Link
        to="/developers/webhooks/$endpointId"
        params={{ endpointId: delivery.webhook_endpoint_id }}
        search={isOpen ? {} : { delivery: id }}
        resetScroll={false}
        className="row"
        aria-expanded={isOpen}
      >
        <code className="row-main">{type}</code>
        <span className="row-time">
          {attempts.length} {attempts.length === 1 ? 'attempt' : 'attempts'} · <RelativeTime time={created} />
        </span>
        <StatusBadge status={status} />
      </Link>
      {isOpen && <OpenDelivery delivery={delivery} />}
    </li>
  );
}

function OpenDelivery({ delivery }: { delivery: Delivery }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const toast = useToast();
  const redeliver = useMutation({
    mutationFn: async () => greenroom.webhookDeliveries.redeliver(delivery.id),
    onSuccess: () => toast('An attempt is due now.'),
    onError: (error) => toast(`It was not redelivered. ${error.message}`, { isError: true }),
    onSettled: async () => queryClient.invalidateQueries({ queryKey: ['webhook-deliveries'] }),
  });
  return (
    <div className="row-open">
      <dl className="facts">
        <dt>Delivery</dt>
        <dd>
          <Id id={delivery.id} />
        </dd>
        <dt>Event</dt>
        <dd className="id">
          <Link to="/developers/events" search={{ event: delivery.event_id }} className="mono cut">
            {delivery.event_id}
          </Link>
          <CopyButton text={delivery.event_id} label={`Copy ${delivery.event_id}`} />
        </dd>
        <dt>Next attempt</dt>
        <dd>
          {delivery.next_attempt_at === null ? 'none' : <RelativeTime time={delivery.next_attempt_at} />}
        </dd>
      </dl>
      <ol className="attempts" aria-label="Attempts">
        {delivery.attempts.map((attempt) => (
          <Attempt key={attempt.attempted_at} attempt={attempt} />
        ))}
      </ol>
      <div>
        <ScopedButton scope="webhooks:write" isBusy={redeliver.isPending} onClick={() => redeliver.mutate()}>
          Redeliver
        </ScopedButton>
      </div>
    </div>
  );
}

function Attempt({ attempt }: { attempt: Schemas['WebhookAttempt'] }) {
  const { attempted_at: time, status_code: code, duration_ms: duration, error, response } = attempt;
  return (
    <li className="attempt">
      <span className="attempt-line">
        <strong>{code === null ? 'No response' : `Status ${code}`}</strong>
        {error !== null && <code className="problem">{error}</code>}
        <span className="muted">{duration.toLocaleString('en')} ms</span>
        <span className="muted">
          <RelativeTime time={time} />
        </span>
      </span>
      {response !== null && response !== '' && (
        <pre tabIndex={0} role="region" aria-label={`Beginning of the response at ${dateTimeText(time)}`}>
          <code>{response}</code>
        </pre>
      )}
    </li>
  );
}
