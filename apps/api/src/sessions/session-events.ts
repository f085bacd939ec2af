import type { components } from '@greenroom/contract';
import type { Database, SessionEvent } from '@greenroom/database';

import { createdAt } from '../common/ids.ts';
import type { SessionRecord } from './session-record.ts';

type SessionKey = Pick<SessionRecord, 'orgId' | 'mode' | 'id'>;

/** Events in the order in which they happened: by the number they got under the session's lock. */
export function listEvents(
  { prisma }: Database,
  { orgId, mode, id }: SessionKey,
  { after, take }: { after: number; take: number },
): Promise<SessionEvent[]> {
  return prisma.sessionEvent.findMany({
    where: { orgId, mode, sessionId: id, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take,
  });
}

/** The place of an event in its session's history; null where the session has no such event. */
export async function sequenceOfEvent(
  { prisma }: Database,
  { orgId, mode, id }: SessionKey,
  eventId: string,
): Promise<number | null> {
  const event = await prisma.sessionEvent.findFirst({
    where: { orgId, mode, sessionId: id, id: eventId },
    select: { sequence: true },
  });
  return event?.sequence ?? null;
}

export function sessionEventResource(event: SessionEvent): components['schemas']['SessionEvent'] {
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
