import type { SessionStatus } from '@greenroom/contract';
import type { Database, SessionEvent, Transaction } from '@greenroom/database';

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

/** Inserts the event of a move. */
export async function insertEvent(
  tx: Transaction,
  { orgId, mode, id }: SessionKey,
  { from, move, sequence }: { from: SessionStatus; move: Move; sequence: number },
): Promise<void> {
  await tx.sessionEvent.create({
    data: {
      orgId,
      mode,
      sessionId: id,
      sequence,
      id: newId('evt'),
      from,
      to: move.to,
      actor: move.actor,
      reason: move.reason,
    },
  });
}
