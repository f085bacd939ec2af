import type { Database } from '@greenroom/database';

import { isId } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import { ApiError } from '../errors/api-error.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idRange } from '../http/time-range.ts';
import { findEvent, listEvents } from './event-repository.ts';
import { eventResource } from './event-resource.ts';

export function eventHandlers(database: Database): Handlers['events'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, async (id) => (isId('evt', id) ? findEvent(database, identity, id) : null));
      const rows = await listEvents(database, identity, {
        types: query.type === undefined ? null : [...new Set(query.type)],
        sessionId: query.session_id ?? null,
        ...idRange('evt', { after: query.created_after, before: query.created_before, cursor }),
        take: query.limit + 1,
      });
      return { status: 200, body: page(rows, query.limit, eventResource) };
    },

    async get({ identity, path }) {
      const event = await findEvent(database, identity, path.event_id);
      if (event !== null) return { status: 200, body: eventResource(event) };
      throw new ApiError('event.not_found', { values: { event_id: path.event_id }, param: 'event_id' });
    },
  };
}
