import type { Database, Prisma, Transaction } from '@greenroom/database';

import { vacate } from '../accounts/account-repository.ts';
import type { Tenant } from '../tenant.ts';
import { newId } from '../ids.ts';
import { isTerminal, LIVE_STATUSES, type Move } from './lifecycle.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

/** The session with this id, if it is the tenant's. */
export async function findSession(
  { pool }: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<SessionRecord | null> {
  const { rows } = await pool.query<SessionRecord>({
    name: 'get-session',
    text: `SELECT ${SESSION_COLUMNS} FROM sessions WHERE org_id = $1 AND mode = $2::mode AND id = $3`,
    values: [orgId, mode, id],
  });
  return rows[0] ?? null;
}

/** Reads a session and keeps every other move away from it until the transaction ends. */
export async function lockSession(tx: Transaction, { orgId, mode }: Tenant, id: string) {
  await tx.$queryRaw`
    SELECT 1 FROM sessions WHERE org_id = ${orgId} AND mode = ${mode}::mode AND id = ${id} FOR UPDATE`;
  return tx.session.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
}

/** The live session that holds an identity in a room. */
export function findSeatHolder(tx: Transaction, { orgId, mode }: Tenant, seatHash: Uint8Array<ArrayBuffer>) {
  return tx.session.findFirst({ where: { orgId, mode, seatHash, status: { in: [...LIVE_STATUSES] } } });
}

/** A new session in its first state, with the event that says so. */
export async function insertSession(
  tx: Transaction,
  data: Omit<Prisma.SessionUncheckedCreateInput, 'status' | 'transitions'>,
  move: Move,
) {
  const session = await tx.session.create({ data: { ...data, status: move.to, transitions: 1 } });
  await insertEvent(tx, session, 'created', move, 0);
  return session;
}

/**
 * Moves a session and writes down that it moved; null where it is not in a state the move starts from.
 * A terminal state erases the token, frees the slot and releases what is still reserved.
 */
export async function applyMove(
  tx: Transaction,
  session: Tenant &
    Pick<Prisma.SessionGetPayload<object>, 'id' | 'status' | 'creditsReserved' | 'transitions'>,
  move: Move,
): Promise<SessionRecord | null> {
  const { orgId, mode, id } = session;
  const terminal = isTerminal(move.to);
  const now = new Date();
  const [moved] = await tx.session.updateManyAndReturn({
    where: { orgId, mode, id, status: { equals: session.status, in: [...move.from] } },
    data: {
      status: move.to,
      transitions: { increment: 1 },
      ...(terminal && {
        deadlineAt: null,
        workerTokenEncrypted: null,
        workerTokenHash: null,
        creditsReserved: 0,
        ...(move.to === 'failed' ? { failedAt: now } : { endedAt: now }),
      }),
      ...(move.failure && { failureCode: move.failure.code, failureMessage: move.failure.message }),
    },
  });
  if (moved === undefined) return null;
  await insertEvent(tx, session, session.status, move, session.transitions);
  if (terminal) {
    await vacate(tx, session, Number(session.creditsReserved));
  }
  return moved;
}

async function insertEvent(
  tx: Transaction,
  { orgId, mode, id }: Tenant & { id: string },
  from: Move['to'],
  move: Move,
  sequence: number,
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
