import type { Database } from '@greenroom/database';

import { isId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { Handlers } from '../contract/handlers.ts';
import { ApiError } from '../errors/api-error.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idRange } from '../http/time-range.ts';
import {
  findEvent,
  findLatestPosition,
  findOldestPosition,
  listEvents,
  lowestKeptId,
  RETENTION_DAYS,
  type Position,
} from './event-repository.ts';
import { eventResource } from './event-resource.ts';
import { FIRST_POSITION } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';

interface Dependencies {
  database: Database;
  streams: EventStreams;
  /** Whether the key in a header may still open a stream. */
  isAllowed: (authorization: string | undefined) => Promise<boolean>;
}

export function eventHandlers({ database, streams, isAllowed }: Dependencies): Handlers['events'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, async (id) => (isId('evt', id) ? findEvent(database, identity, id) : null));
      const range = idRange('evt', { after: query.created_after, before: query.created_before, cursor });
      const lowest = lowestKeptId();
      const rows = await listEvents(database, identity, {
        types: typesOf(query.type),
        sessionId: query.session_id ?? null,
        ...range,
        from: range.from < lowest ? lowest : range.from,
        take: query.limit + 1,
      });
      return { status: 200, body: page(rows, query.limit, eventResource) };
    },

    async get({ identity, path }) {
      const event =
        path.event_id < lowestKeptId() ? null : await findEvent(database, identity, path.event_id);
      if (event !== null) return { status: 200, body: eventResource(event) };
      throw new ApiError('event.not_found', { values: { event_id: path.event_id }, param: 'event_id' });
    },

    async stream({ identity, query, header }) {
      const release = streams.reserve(identity);
      try {
        const from = await positionOf(database, identity, header('last-event-id'), query.last_event_id);
        const filter = { types: typesOf(query.type), sessionId: query.session_id ?? null };
        const options = {
          from,
          filter,
          isAllowed: () => isAllowed(header('authorization')),
        };
        return {
          status: 200,
          body: (response) => streams.serve(response, identity, options).finally(release),
        };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

function typesOf(types: readonly string[] | undefined): string[] | null {
  return types === undefined ? null : [...new Set(types)];
}

/**
 * Returns the position from which a stream continues: after an event, or from now on.
 *
 * @throws {ApiError} 400 if the event is unknown or no longer kept
 */
async function positionOf(
  database: Database,
  tenant: Tenant,
  header: string | undefined,
  query: string | undefined,
): Promise<Position> {
  // A reader that reconnects sends the latest event in the header, and still the first one in the query.
  const [id, param] = header ? [header, 'Last-Event-ID'] : [query, 'last_event_id'];
  if (id === undefined) return findLatestPosition(database, tenant);
  if (id === FIRST_POSITION) return findOldestPosition(database, tenant);
  const isWellFormed = isId('evt', id);
  // The event may still exist, but later ones may not, because ids are made before the commits.
  if (isWellFormed && id < lowestKeptId()) {
    throw new ApiError('cursor.expired', { values: { days: RETENTION_DAYS, first: FIRST_POSITION }, param });
  }
  const event = isWellFormed ? await findEvent(database, tenant, id) : null;
  if (event !== null) return event;
  throw new ApiError('cursor.unknown', { situation: 'event', param });
}
