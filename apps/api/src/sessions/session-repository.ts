import { createHash } from 'node:crypto';

import type { Database, Prisma, Session, Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import { newId } from '../common/ids.ts';
import { LIVE_STATUSES, type Move } from './lifecycle.ts';
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

/**
 * Reads a session and keeps every other move away from it until the transaction ends. With `skipLocked`, returns null
 * instead of waiting for a move in progress.
 */
export async function lockSession(
  tx: Transaction,
  { orgId, mode }: Tenant,
  id: string,
  { skipLocked = false }: { skipLocked?: boolean } = {},
): Promise<LockedSession | null> {
  const locked = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM sessions WHERE org_id = $1 AND mode = $2::mode AND id = $3
        FOR UPDATE ${skipLocked ? 'SKIP LOCKED' : ''}`,
    orgId,
    mode,
    id,
  );
  if (locked.length === 0) return null;
  return tx.session.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
}

const LIVE = LIVE_STATUSES.map((status) => `'${status}'`).join();

/** Literal statuses, because the planner uses the partial index only where it can see its condition. */
export const FIND_SEAT_HOLDER = `
  SELECT id FROM sessions
   WHERE org_id = $1 AND mode = $2::mode AND seat_hash = $3 AND status IN (${LIVE})`;

/** Makes other transactions that lock the same identity in a room wait until this one ends. */
export async function lockSeat(
  tx: Transaction,
  { orgId, mode }: Tenant,
  seatHash: Uint8Array<ArrayBuffer>,
): Promise<void> {
  // Organisations do not wait for each other, even where they name the same room.
  const key = createHash('sha256').update(`${orgId} ${mode} `).update(seatHash).digest().readBigInt64BE();
  await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${key})`;
}

/** The live session that holds an identity in a room. */
export async function findSeatHolder(
  tx: Transaction,
  { orgId, mode }: Tenant,
  seatHash: Uint8Array<ArrayBuffer>,
): Promise<Session | null> {
  const [holder] = await tx.$queryRawUnsafe<{ id: string }[]>(FIND_SEAT_HOLDER, orgId, mode, seatHash);
  if (holder === undefined) return null;
  return tx.session.findUnique({ where: { orgId_mode_id: { orgId, mode, id: holder.id } } });
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

/** A session with everything the database knows of it, as `lockSession` reads it. */
export type LockedSession = Session;

/** What a move sets besides the state. */
export type SessionChanges = Omit<
  Prisma.SessionUncheckedUpdateManyInput,
  'orgId' | 'mode' | 'id' | 'status' | 'transitions'
>;

/** Moves a session and writes down that it moved; null where it is not in a state the move starts from. */
export async function moveSession(
  tx: Transaction,
  session: LockedSession,
  move: Move,
  changes: SessionChanges,
): Promise<LockedSession | null> {
  const { orgId, mode, id, status } = session;
  const [moved] = await tx.session.updateManyAndReturn({
    where: { orgId, mode, id, status: { equals: status, in: [...move.from] } },
    data: { ...changes, status: move.to, transitions: { increment: 1 } },
  });
  if (moved === undefined) return null;
  await insertEvent(tx, session, status, move, session.transitions);
  return moved;
}

async function insertEvent(
  tx: Transaction,
  { orgId, mode, id }: Tenant & { id: string },
  from: Session['status'],
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
