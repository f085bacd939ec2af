import type { components, SessionStatus, SessionStatusFilter } from '@greenroom/contract';
import type { Database, SessionEvent } from '@greenroom/database';

import { createdAt, isId } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import { linkTo } from '../document/link.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idRange } from '../http/time-range.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import { LIVE_STATUSES, TERMINAL_STATUSES } from './lifecycle.ts';
import type { PipecatSessionService } from './pipecat-session-service.ts';
import type { RoomSessionService } from './room-session-service.ts';
import { findEventSequence, listEvents } from './session-event-repository.ts';
import { sessionResource } from './session-record.ts';
import { findSession, listSessions } from './session-repository.ts';
import { endSession, getSession } from './session-service.ts';
import type { SessionTransitions } from './session-transitions.ts';

interface Dependencies {
  database: Database;
  rooms: RoomSessionService;
  transitions: SessionTransitions;
}

export function sessionHandlers(dependencies: Dependencies): Handlers['sessions'] {
  const { database, rooms } = dependencies;
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, async (id) =>
        isId('sess', id) ? findSession(database, identity, id) : null,
      );
      const rows = await listSessions(database, identity, {
        statuses: query.status === undefined ? null : statusesOf(query.status),
        avatarId: query.avatar_id ?? null,
        ...idRange('sess', { after: query.created_after, before: query.created_before, cursor }),
        take: query.limit + 1,
      });
      return { status: 200, body: page(rows, query.limit, sessionResource) };
    },

    async create({ id, traceparent, identity, body, header }) {
      const key = idempotencyKey(header('idempotency-key'));
      return rooms.create(identity, body, { key, origin: { requestId: id, traceparent } }, (session) => ({
        status: 201,
        headers: { Location: linkTo('sessions.get', { session_id: session.id }) },
        body: sessionResource(session),
      }));
    },

    async get({ identity, path }) {
      return { status: 200, body: sessionResource(await getSession(database, identity, path.session_id)) };
    },

    async end({ identity, path }) {
      const { session_id: id } = path;
      // Ending it again changes nothing.
      const ended = await endSession(dependencies, identity, id);
      return { status: 200, body: sessionResource(ended ?? (await getSession(database, identity, id))) };
    },

    async events({ identity, path, query }) {
      const session = await getSession(database, identity, path.session_id);
      const after = await requireCursor(query.starting_after, (id) =>
        findEventSequence(database, session, id),
      );
      const rows = await listEvents(database, session, { after: after ?? -1, take: query.limit + 1 });
      return { status: 200, body: page(rows, query.limit, sessionEventResource) };
    },
  };
}

export function pipecatSessionHandlers(sessions: PipecatSessionService): Handlers['pipecatSessions'] {
  return {
    async create({ id, traceparent, identity, body, header, signal, withoutCapacity }) {
      const key = idempotencyKey(header('idempotency-key'));
      return sessions.create(identity, body, {
        key,
        origin: { requestId: id, traceparent },
        signal,
        withoutCapacity,
      });
    },
  };
}

/** Expands status filters into statuses, without duplicates. */
function statusesOf(filters: readonly SessionStatusFilter[]): SessionStatus[] {
  const statuses = filters.flatMap((filter): readonly SessionStatus[] => {
    if (filter === 'active') return LIVE_STATUSES;
    if (filter === 'terminal') return TERMINAL_STATUSES;
    return [filter];
  });
  return [...new Set(statuses)];
}

function sessionEventResource(event: SessionEvent): components['schemas']['SessionEvent'] {
  return {
    id: event.id,
    object: 'session.event',
    session_id: event.sessionId,
    from: event.from,
    to: event.to,
    actor: event.actor,
    reason: event.reason,
    created_at: createdAt(event.id).toISOString(),
  };
}
