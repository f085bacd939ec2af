import type { SessionStatus } from '@greenroom/contract';
import { Prisma, type Database, type SessionEvent } from '@greenroom/database';

import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { Move } from './lifecycle.ts';

type SessionKey = Tenant & { id: string };

/** Returns events of a session in the order in which they happened. */
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

/** Returns the position of an event in the history of its session, or null when the session has no such event. */
export async function findEventSequence(
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

/** Returns the statement that inserts the event of a move if the common table expression `source` has a row. */
export function eventStatement(
  { orgId, mode, id }: SessionKey,
  { from, move, sequence }: { from: SessionStatus; move: Move; sequence: number },
  source: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO session_events (org_id, mode, session_id, sequence, id, from_status, to_status, actor, reason)
    SELECT ${orgId}, ${mode}::mode, ${id}, ${sequence}::int, ${newId('evt')}, ${from}::session_status,
           ${move.to}::session_status, ${move.actor}::event_actor, ${move.reason}
      FROM ${source}`;
}
