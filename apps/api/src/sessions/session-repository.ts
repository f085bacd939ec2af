import { Prisma, type Avatar, type Database, type Session, type Transaction } from '@greenroom/database';

import {
  ACCOUNT_COLUMNS,
  ACCOUNT_TABLES,
  noAccount,
  reserveSlot,
  settleAccount,
  type Account,
} from '../accounts/account-repository.ts';
import type { Tenant } from '../common/tenant.ts';
import type { StoreStatement } from '../idempotency/idempotency-repository.ts';
import { billedFields, type Charge } from '../usage/billing.ts';
import { chargeStatements } from '../usage/usage-repository.ts';
import { LIVE_STATUSES, type Move, type Transition } from './lifecycle.ts';
import { eventStatement } from './session-event-repository.ts';
import { ALL_SESSION_COLUMNS, columnOf, SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

/** A whole row of `sessions`, as it was read or locked. */
export type LockedSession = Session;

/** The columns that a move of the lifecycle sets in addition to the status. */
export interface SessionChanges extends Partial<
  Pick<
    Session,
    | 'startedAt'
    | 'firstFrameAt'
    | 'endedAt'
    | 'failedAt'
    | 'failureCode'
    | 'failureMessage'
    | 'billedSeconds'
    | 'workerTokenHash'
    | 'workerTokenEncrypted'
    | 'replacedTokenHashes'
    | 'workerId'
    | 'leaseUntil'
    | 'requeues'
    | 'deadlineAt'
  >
> {
  billedCredits?: number;
  creditsReserved?: number;
  /** Rejects later reports of the worker that held the session. */
  increaseFence?: boolean;
}

type SessionKey = Tenant & { id: string };

/** Holds the participant slots of live sessions. */
export const LIVE_SLOT_INDEX = 'sessions_live_seat_key';

const ALL_COLUMNS = Prisma.raw(ALL_SESSION_COLUMNS);
const LIVE = LIVE_STATUSES.map((status) => `'${status}'`).join();

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

/** Finds a session of the tenant, with all its columns. */
export async function findWholeSession(
  client: Pick<Transaction, '$queryRaw'>,
  tenant: Tenant,
  id: string,
): Promise<Session | null> {
  const [session] = await client.$queryRaw<Session[]>`
    SELECT ${ALL_COLUMNS} FROM sessions WHERE ${isSession({ ...tenant, id })}`;
  return session ?? null;
}

/**
 * Reads a session of the tenant and locks it until the transaction ends. With `skipLocked`, returns null instead of
 * waiting for another transaction that has locked it.
 */
export async function lockSession(
  tx: Transaction,
  tenant: Tenant,
  id: string,
  { skipLocked = false }: { skipLocked?: boolean } = {},
): Promise<LockedSession | null> {
  const [session] = await tx.$queryRaw<LockedSession[]>`
    SELECT ${ALL_COLUMNS} FROM sessions WHERE ${isSession({ ...tenant, id })}
       FOR UPDATE ${skipLocked ? Prisma.raw('SKIP LOCKED') : Prisma.empty}`;
  return session ?? null;
}

/** The rows that decide whether a session can be created: its account, its avatar and the live session in its slot. */
export interface CreateState {
  account: Account;
  /** Null: the tenant has no such avatar. */
  avatar: Pick<Avatar, 'status' | 'runtimeType'> | null;
  /** Null: no live session holds the participant slot. */
  holder: SlotHolder | null;
}

export type SlotHolder = Pick<Session, 'id' | 'actsFor' | 'workerTokenHash' | 'replacedTokenHashes'>;

type Nullable<T> = { [Key in keyof T]: T[Key] | null };

interface CreateStateRow extends Account, Nullable<Omit<SlotHolder, 'id'>> {
  avatarStatus: Avatar['status'] | null;
  avatarRuntimeType: string | null;
  holderId: string | null;
}

/** The statement of `readCreateState`. Its statuses are literals, without which the planner ignores the index. */
export const READ_CREATE_STATE = `
  SELECT ${ACCOUNT_COLUMNS},
         CASE WHEN stock.id IS NULL THEN avatar.status ELSE 'ready' END AS "avatarStatus",
         coalesce(stock.runtime_type, avatar.runtime_type) AS "avatarRuntimeType",
         holder.id AS "holderId", holder.acts_for AS "actsFor", holder.worker_token_hash AS "workerTokenHash",
         holder.replaced_token_hashes AS "replacedTokenHashes"
    FROM ${ACCOUNT_TABLES}
    LEFT JOIN avatars AS avatar
           ON avatar.org_id = $1 AND avatar.id = $4 AND (avatar.mode IS NULL OR avatar.mode = $2::mode)
    LEFT JOIN stock_avatars AS stock ON stock.id = $4
    LEFT JOIN sessions AS holder
           ON holder.org_id = $1 AND holder.mode = $2::mode AND holder.seat_hash = $3 AND holder.status IN (${LIVE})
   WHERE account.org_id = $1 AND account.mode = $2::mode
   LIMIT 1`;

/** Reads, without locks, what decides whether a session can be created. */
export async function readCreateState(
  tx: Transaction,
  { orgId, mode }: Tenant,
  { participantSlotHash, avatarId }: Pick<Session, 'participantSlotHash' | 'avatarId'>,
): Promise<CreateState> {
  const [row] = await tx.$queryRawUnsafe<CreateStateRow[]>(
    READ_CREATE_STATE,
    orgId,
    mode,
    participantSlotHash,
    avatarId,
  );
  if (row === undefined) throw noAccount({ orgId, mode });
  const { avatarStatus, avatarRuntimeType, holderId, actsFor, workerTokenHash, replacedTokenHashes } = row;
  return {
    account: row,
    avatar:
      avatarStatus === null || avatarRuntimeType === null
        ? null
        : { status: avatarStatus, runtimeType: avatarRuntimeType },
    holder:
      holderId === null
        ? null
        : { id: holderId, actsFor, workerTokenHash, replacedTokenHashes: replacedTokenHashes ?? [] },
  };
}

/** The columns that a create sets. */
export type NewSession = Pick<
  Session,
  | 'orgId'
  | 'mode'
  | 'id'
  | 'avatarId'
  | 'quality'
  | 'maxDurationSeconds'
  | 'idleTimeoutSeconds'
  | 'metadata'
  | 'transportType'
  | 'transportUrl'
  | 'roomName'
  | 'workerIdentity'
  | 'audioSource'
  | 'subscribeToIdentity'
  | 'syntheticAudioIfNoInput'
  | 'runtimeType'
  | 'participantSlotHash'
  | 'workerTokenHash'
  | 'workerTokenEncrypted'
  | 'workerTokenExpiresAt'
  | 'actsFor'
  | 'replacedTokenHashes'
  | 'deadlineAt'
> & { creditsReserved: number };

/**
 * Creates a session with its first event and reserves its slot and credits, in one statement. Returns false, and leaves
 * nothing behind, when the account has no slot or credits for it any more, or the maximum duration has been lowered.
 *
 * @param response stores the response under the request's idempotency key, in the same statement. Nothing is created when
 *   a response is there already.
 * @throws {Error} a violation of `LIVE_SLOT_INDEX` when another live session holds the participant slot
 */
export async function insertSession(
  tx: Transaction,
  session: NewSession,
  move: Move,
  response: StoreStatement | null,
): Promise<boolean> {
  const { orgId, mode, id, creditsReserved, maxDurationSeconds } = session;
  const rows = await tx.$queryRaw<unknown[]>`
    WITH ${response === null ? Prisma.empty : Prisma.sql`response AS (${response}), `}account AS (
      ${reserveSlot(session, { credits: creditsReserved, maxDurationSeconds })}
        ${response === null ? Prisma.empty : Prisma.sql`AND EXISTS (SELECT FROM response)`}
      RETURNING 1
    ), session AS (
      INSERT INTO sessions (
        org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds, metadata,
        transport_type, transport_url, room_name, worker_identity, audio_source, subscribe_to_identity,
        synthetic_audio_if_no_input, runtime_type, seat_hash, worker_token_hash, worker_token_encrypted,
        worker_token_expires_at, acts_for, replaced_token_hashes, credits_reserved, deadline_at, transitions)
      SELECT ${orgId}, ${mode}::mode, ${id}, ${move.to}::session_status, ${session.avatarId},
             ${session.quality}::quality, ${maxDurationSeconds}::int, ${session.idleTimeoutSeconds}::int,
             ${JSON.stringify(session.metadata)}::jsonb, ${session.transportType}, ${session.transportUrl},
             ${session.roomName}, ${session.workerIdentity}, ${session.audioSource}::audio_source,
             ${session.subscribeToIdentity}, ${session.syntheticAudioIfNoInput}::boolean, ${session.runtimeType},
             ${session.participantSlotHash}::bytea, ${session.workerTokenHash}::bytea,
             ${session.workerTokenEncrypted}::bytea, ${session.workerTokenExpiresAt}::timestamptz,
             ${session.actsFor}, ${session.replacedTokenHashes}::bytea[], ${creditsReserved}::numeric,
             ${session.deadlineAt}::timestamptz, 1
        FROM account
      RETURNING 1
    ), event AS (${eventStatement(session, { from: 'created', move, sequence: 0 }, Prisma.sql`session`)})
    SELECT 1 FROM session`;
  return rows.length > 0;
}

/**
 * Moves a session, records the event, and settles with the account, in one statement. Returns null when the session is
 * no longer as `session` was read: another transaction moved, assigned or metered it.
 */
export async function moveSession(
  tx: Transaction,
  session: LockedSession,
  move: Move,
  { increaseFence = false, ...changes }: SessionChanges,
  { charge, releasesSlot }: { charge: Charge | null; releasesSlot: boolean },
): Promise<LockedSession | null> {
  const { status, fence, transitions, billableSeconds, billedSeconds, creditsReserved } = session;
  const { from }: Transition = move;
  if (!from.includes(status)) return null;
  const source = Prisma.sql`moved`;
  const account = releasesSlot
    ? settleAccount(session, source, {
        slots: 1,
        creditsReserved: Number(creditsReserved),
        credits: charge?.credits ?? 0,
      })
    : null;
  const [moved] = await tx.$queryRaw<LockedSession[]>`
    WITH moved AS (
      UPDATE sessions
         SET status = ${move.to}::session_status, transitions = transitions + 1,
             fence = fence + ${increaseFence ? 1 : 0}::int${assignments(changes)}
       WHERE ${isSession(session)} AND status = ${status}::session_status
         AND fence = ${fence}::int AND transitions = ${transitions}::int
         AND billable_seconds = ${billableSeconds}::int AND billed_seconds = ${billedSeconds}::int
         AND credits_reserved = ${String(creditsReserved)}::numeric
      RETURNING *
    ), event AS (
      ${eventStatement(session, { from: status, move, sequence: transitions }, source)}
    )${charge === null ? Prisma.empty : Prisma.sql`, ${chargeStatements(session, charge, source)}`}${
      account === null ? Prisma.empty : Prisma.sql`, account AS (${account})`
    }
    SELECT ${ALL_COLUMNS} FROM moved`;
  return moved ?? null;
}

/**
 * Bills a session that continues: writes the usage event, adds it to its month, and debits the account, in the
 * transaction that recorded the delivery, so counters and events never disagree.
 */
export async function billSession(
  tx: Transaction,
  session: LockedSession,
  charge: Charge,
): Promise<LockedSession> {
  const source = Prisma.sql`billed`;
  const { credits } = charge;
  const [billed] = await tx.$queryRaw<LockedSession[]>`
    WITH billed AS (
      UPDATE sessions SET credits_reserved = credits_reserved - ${credits}::numeric${assignments(billedFields(session, charge))}
       WHERE ${isSession(session)} RETURNING *
    ), ${chargeStatements(session, charge, source)}, account AS (
      ${settleAccount(session, source, { slots: 0, creditsReserved: credits, credits })}
    )
    SELECT ${ALL_COLUMNS} FROM billed`;
  if (billed === undefined) throw new Error(`Session ${session.id} does not exist`);
  return billed;
}

/** Sets columns of a session whose status does not change. */
export async function updateSession(
  tx: Transaction,
  session: SessionKey,
  { increaseFence = false, ...changes }: SessionChanges,
): Promise<LockedSession> {
  const [updated] = await tx.$queryRaw<LockedSession[]>`
    UPDATE sessions SET fence = fence + ${increaseFence ? 1 : 0}::int${assignments(changes)}
     WHERE ${isSession(session)} RETURNING ${ALL_COLUMNS}`;
  if (updated === undefined) throw new Error(`Session ${session.id} does not exist`);
  return updated;
}

function isSession({ orgId, mode, id }: SessionKey): Prisma.Sql {
  return Prisma.sql`org_id = ${orgId} AND mode = ${mode}::mode AND id = ${id}`;
}

/** Assigns values to the columns of fields, after another assignment. */
function assignments(changes: Partial<Session> | Omit<SessionChanges, 'increaseFence'>): Prisma.Sql {
  const set = Object.entries(changes).map(
    ([field, value]) => Prisma.sql`, ${Prisma.raw(columnOf(field as keyof Session))} = ${value}`,
  );
  return set.length === 0 ? Prisma.empty : Prisma.join(set, '');
}
