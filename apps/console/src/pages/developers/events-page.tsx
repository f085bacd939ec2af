import type { Schemas } from '@greenroom/client';
import { eventTypeValues, type EventType } from '@greenroom/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useId, type SyntheticEvent } from 'react';

import { useLiveState, type LiveState } from '../../api/live.tsx';
import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { DayField } from '../../components/day-field.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { problemOf } from '../../components/field.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { dayAfter, dayBefore, instantOf } from '../sessions/days.ts';
import { textOf } from './choices.tsx';
import type { EventsSearch } from './routes.ts';
import { useEventLog } from './use-event-log.ts';

const route = getRouteApi('/shell/developers/events');
/** Tests are not in the log. */
const TYPES = eventTypeValues.filter((type) => type !== 'ping');
const LIVE_TEXTS: Record<LiveState, string> = {
  connecting: 'Connecting to the event stream.',
  live: 'Live: new events appear at once.',
  polling: 'Refreshed every few seconds.',
  offline: 'Not connected.',
};

/** The events of this mode in the last 30 days, with the filters of the address. */
export function EventsPage() {
  const search = route.useSearch();
  const { event: openId, ...filter } = search;
  const query = useEventLog(filter);
  const isFiltered = Object.keys(filter).length > 0;
  const isListed = query.data?.pages.some(({ data }) => data.some(({ id }) => id === openId)) === true;
  return (
    <section className="part">
      <div>
        <h2>Event log</h2>
        <p className="muted small">{LIVE_TEXTS[useLiveState()]} Kept for 30 days.</p>
      </div>
      <EventFilters search={search} problem={problemOf(query.error, 'session_id')} />
      {query.data !== undefined && openId !== undefined && !isListed && (
        <OtherEvent id={openId} search={search} />
      )}
      <QueryView query={query} skeleton={<SkeletonRows rows={8} height={52} />}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.data);
          if (events.length === 0) {
            return (
              <EmptyState title={isFiltered ? 'No matching events.' : 'No events yet.'}>
                {isFiltered ? (
                  <Link to="/developers/events" search={{}}>
                    Show all events
                  </Link>
                ) : (
                  'Create a session, and its events appear here at once.'
                )}
              </EmptyState>
            );
          }
          return (
            <ul className="rows">
              {events.map((event) => (
                <EventRow key={event.id} event={event} search={search} isOpen={event.id === openId} />
              ))}
            </ul>
          );
        }}
      </QueryView>
      <ShowMore query={query} isAutomatic>
        Show older events
      </ShowMore>
    </section>
  );
}

/** The event in the address, when it is on a page that was not requested or outside of the filter. */
function OtherEvent({ id, search }: { id: string; search: EventsSearch }) {
  const query = useQuery(queries.event(useGreenroom(), id));
  return (
    <QueryView query={query} skeleton={<SkeletonRows rows={1} height={52} />}>
      {(event) => (
        <ul className="rows">
          <EventRow event={event} search={search} isOpen />
        </ul>
      )}
    </QueryView>
  );
}

function EventRow({
  event,
  search,
  isOpen,
}: {
  event: Schemas['Event'];
  search: EventsSearch;
  isOpen: boolean;
}) {
  const { object } = event.data;
  return (
    <li>
      <Link
        to="/developers/events"
        search={{ ...search, event: isOpen ? undefined : event.id }}
        resetScroll={false}
        className="row"
        aria-expanded={isOpen}
      >
        <span className="row-main">
          <code>{event.type}</code>
          <code className="muted small cut">{'id' in object ? object.id : object.object}</code>
        </span>
        <span className="row-time">
          <RelativeTime time={event.created_at} />
        </span>
      </Link>
      {isOpen && (
        <div className="row-open">
          <ObjectLink object={object} />
          <JsonView value={event} label={event.id} />
        </div>
      )}
    </li>
  );
}

/** A link to the page of an event's object, where it has one. */
function ObjectLink({ object }: { object: Schemas['Event']['data']['object'] }) {
  switch (object.object) {
    case 'session':
      return (
        <Link to="/sessions/$sessionId" params={{ sessionId: object.id }} className="mono cut">
          {object.id}
        </Link>
      );
    case 'avatar':
      return (
        <Link to="/avatars" search={{ q: object.id }} className="mono cut">
          {object.id}
        </Link>
      );
    case 'webhook_endpoint':
      return (
        <Link to="/developers/webhooks/$endpointId" params={{ endpointId: object.id }} className="mono cut">
          {object.id}
        </Link>
      );
    default:
      return null;
  }
}

/** The filters of the log. Each change navigates to a new address. */
function EventFilters({ search, problem }: { search: EventsSearch; problem: string | undefined }) {
  const navigate = useNavigate();
  const id = useId();
  const change = (changes: EventsSearch) => {
    navigate({ to: '/developers/events', search: { ...search, event: undefined, ...changes } }).catch(
      reportError,
    );
  };
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const session = textOf(new FormData(event.currentTarget), 'session_id').trim();
    change({ session_id: session === '' ? undefined : session });
  };
  const [type] = search.type ?? [];
  const isSeveral = (search.type?.length ?? 0) > 1;
  const choose = (value: string) => {
    const chosen: EventType[] = TYPES.filter((each) => each === value);
    change({ type: chosen.length > 0 ? chosen : undefined });
  };
  return (
    <div className="filters">
      <div className="filter-fields">
        <select
          className="input select"
          aria-label="Type"
          value={isSeveral ? 'several' : (type ?? '')}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">Any type</option>
          {isSeveral && <option value="several">{search.type?.join(', ')}</option>}
          {TYPES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <form onSubmit={submit} key={search.session_id}>
          <input
            name="session_id"
            className="input"
            aria-label="Session id"
            aria-invalid={problem !== undefined}
            aria-describedby={id}
            placeholder="Session id, then Enter"
            defaultValue={search.session_id}
          />
        </form>
        <DayField
          name="From"
          value={search.created_after === undefined ? '' : dayAfter(search.created_after)}
          onChange={(day) => change({ created_after: instantOf(day, 0) })}
        />
        <DayField
          name="To"
          value={search.created_before === undefined ? '' : dayBefore(search.created_before)}
          onChange={(day) => change({ created_before: instantOf(day, 1) })}
        />
      </div>
      <p id={id} className="problem small" role="alert">
        {problem}
      </p>
    </div>
  );
}
