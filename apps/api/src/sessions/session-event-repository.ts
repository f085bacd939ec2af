import { narrow, Prisma, type Database, type SessionEvent } from '@greenroom/database';

import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { AppliedTransition } from './live-session.ts';
import { SNAPSHOT } from './session-record.ts';

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
 * Returns common table expressions that insert the events of transitions, into the history of the session and into the
 * events of the organisation, if the expression `source` has a row, which is that of the session after the transitions.
 * The expression `account` has taken their sequences.
 */
export function eventExpressions(
  { orgId, mode }: Tenant,
  applied: readonly AppliedTransition[],
  source: Prisma.Sql,
): Prisma.Sql {
  const events = applied.map(({ from, transition: { to, actor, reason }, after }, index) => {
    const position = index - applied.length;
    // The row is that after the last transition. No other transition ends a session.
    const earlier = position === -1 ? {} : { ...NOT_OVER, ...after, status: to };
    return Prisma.sql`(${position}::int, ${newId('evt')}, ${from}, ${to}, ${actor}, ${reason}, ${JSON.stringify(earlier)}::jsonb)`;
  });
  return Prisma.sql`
    transition (position, id, from_status, to_status, actor, reason, earlier) AS (VALUES ${Prisma.join(events)}),
    session_event AS (
      INSERT INTO session_events (org_id, mode, session_id, sequence, id, from_status, to_status, actor, reason)
      SELECT org_id, mode, session.id, transitions + position, transition.id, from_status, to_status, actor, reason
        FROM ${source} AS session, transition
    ), event AS (
      INSERT INTO events (org_id, mode, id, sequence, type, session_id, data)
      SELECT ${orgId}, ${mode}, transition.id, account.event_sequence + position + 1, 'session.' || to_status, session.id,
             ${Prisma.raw(SNAPSHOT)} || earlier
        FROM ${source} AS session, account, transition
       WHERE session.org_id = ${orgId} AND account.org_id = ${orgId}
    )`;
}

const NOT_OVER = { endedAt: null, failedAt: null, failureCode: null, failureMessage: null };
