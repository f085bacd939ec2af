import type { SessionStatus } from '@greenroom/contract';
import { narrow, Prisma, type Database, type SessionEvent } from '@greenroom/database';

import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { Move } from './lifecycle.ts';

type SessionKey = Tenant & { id: string };

/** Returns events of a session in the order in which they happened. */
export async function listEvents(
  { prisma }: Database,
  { orgId, mode, id }: SessionKey,
  { after, take }: { after: number; take: number },
): Promise<SessionEvent[]> {
  const events = await prisma.sessionEvent.findMany({
    where: { orgId, mode, sessionId: id, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take,
  });
  return events.map(narrow);
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

/**
 * Returns the statement that inserts the events of moves if the common table expression `source` has a row, which is that
 * of the session after the moves.
 */
export function eventsStatement(
  moves: readonly { from: SessionStatus; move: Move }[],
  source: Prisma.Sql,
): Prisma.Sql {
  const events = moves.map(
    ({ from, move: { to, actor, reason } }, index) =>
      Prisma.sql`(${index - moves.length}::int, ${newId('evt')}, ${from}, ${to}, ${actor}, ${reason})`,
  );
  return Prisma.sql`
    INSERT INTO session_events (org_id, mode, session_id, sequence, id, from_status, to_status, actor, reason)
    SELECT org_id, mode, session.id, transitions + position, event.id, from_status, to_status, actor, reason
      FROM ${source} AS session,
           (VALUES ${Prisma.join(events)}) AS event (position, id, from_status, to_status, actor, reason)`;
}
