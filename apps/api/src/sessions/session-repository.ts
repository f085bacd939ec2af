import { createHash } from 'node:crypto';

import { Prisma, type Database, type Session, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';
import { LIVE_STATUSES, type Move } from './lifecycle.ts';
import { insertEvent } from './session-event-repository.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

/** A whole row of `sessions`, locked until its transaction ends. */
export type LockedSession = Session;

/** The columns that a move of the lifecycle sets in addition to the status. */
export type SessionChanges = Omit<
  Prisma.SessionUncheckedUpdateManyInput,
  'orgId' | 'mode' | 'id' | 'status' | 'transitions'
>;

type SessionKey = Tenant & { id: string };

const LIVE = Prisma.raw(LIVE_STATUSES.map((status) => `'${status}'`).join());

/** Finds a session of the tenant. */
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
 * Reads a session of the tenant and locks it until the transaction ends. With `skipLocked`, returns null instead of
 * waiting for another transaction that has locked it.
 */
export async function lockSession(
  tx: Transaction,
  { orgId, mode }: Tenant,
  id: string,
  { skipLocked = false }: { skipLocked?: boolean } = {},
): Promise<LockedSession | null> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions WHERE org_id = ${orgId} AND mode = ${mode}::mode AND id = ${id}
       FOR UPDATE ${skipLocked ? Prisma.raw('SKIP LOCKED') : Prisma.empty}`;
  if (locked.length === 0) return null;
  return tx.session.findUnique({ where: keyOf({ orgId, mode, id }) });
}

/** Locks a participant slot of the tenant until the transaction ends. */
export async function lockParticipantSlot(
  tx: Transaction,
  { orgId, mode }: Tenant,
  slotHash: Uint8Array<ArrayBuffer>,
): Promise<void> {
  // The key includes the organisation, so that organisations that use the same room do not wait for each other.
  const key = createHash('sha256').update(`${orgId} ${mode} `).update(slotHash).digest().readBigInt64BE();
  await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${key})`;
}

/** Finds the live session that holds a participant slot. */
export async function findSlotHolder(
  tx: Transaction,
  tenant: Tenant,
  slotHash: Uint8Array<ArrayBuffer>,
): Promise<Session | null> {
  const [holder] = await tx.$queryRaw<{ id: string }[]>(selectSlotHolder(tenant, slotHash));
  return holder === undefined
    ? null
    : tx.session.findUnique({ where: keyOf({ orgId: tenant.orgId, mode: tenant.mode, id: holder.id }) });
}

/** Returns the statement of `findSlotHolder`. Its statuses are literals, without which the planner ignores the index. */
export function selectSlotHolder({ orgId, mode }: Tenant, slotHash: Uint8Array): Prisma.Sql {
  return Prisma.sql`
    SELECT id FROM sessions
     WHERE org_id = ${orgId} AND mode = ${mode}::mode AND seat_hash = ${slotHash} AND status IN (${LIVE})`;
}

/** Inserts a session in the state of its first move, with the event of the move. */
export async function insertSession(
  tx: Transaction,
  data: Omit<Prisma.SessionUncheckedCreateInput, 'status' | 'transitions'>,
  move: Move,
): Promise<LockedSession> {
  const session = await tx.session.create({ data: { ...data, status: move.to, transitions: 1 } });
  await insertEvent(tx, session, { from: 'created', move, sequence: 0 });
  return session;
}

/** Moves a session and inserts the event of the move. Returns null when the session is in none of the move's states. */
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
  await insertEvent(tx, session, { from: status, move, sequence: session.transitions });
  return moved;
}

/** Sets columns of a session whose status does not change. */
export function updateSession(
  tx: Transaction,
  session: SessionKey,
  changes: SessionChanges,
): Promise<LockedSession> {
  return tx.session.update({ where: keyOf(session), data: changes });
}

function keyOf({ orgId, mode, id }: SessionKey): Prisma.SessionWhereUniqueInput {
  return { orgId_mode_id: { orgId, mode, id } };
}
