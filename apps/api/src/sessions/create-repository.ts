import { isDivisionByZero, Prisma, type Avatar, type Session, type Transaction } from '@greenroom/database';

import {
  ACCOUNT_COLUMNS,
  ACCOUNT_TABLES,
  noAccount,
  reserveSlotStatement,
  type Account,
} from '../accounts/account-repository.ts';
import type { Tenant } from '../common/tenant.ts';
import type { StoreStatement } from '../idempotency/idempotency-repository.ts';
import { insertStatement, type NewAssignment } from './assignment-repository.ts';
import { LIVE_STATUSES, type Transition } from './lifecycle.ts';
import { eventExpressions } from './session-event-repository.ts';

/** Holds the participant slots of live sessions. */
export const LIVE_SLOT_INDEX = 'sessions_live_seat_key';

const LIVE = LIVE_STATUSES.map((status) => `'${status}'`).join();

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
           ON avatar.org_id = $1 AND avatar.id = $4 AND (avatar.mode IS NULL OR avatar.mode = $2)
    LEFT JOIN stock_avatars AS stock ON stock.id = $4
    LEFT JOIN sessions AS holder
           ON holder.org_id = $1 AND holder.mode = $2 AND holder.seat_hash = $3 AND holder.status IN (${LIVE})
   WHERE account.org_id = $1 AND account.mode = $2
   LIMIT 1`;

/** Matches no session. With null, PostgreSQL drops the join, and Citus does not know its organisation. */
const NO_SLOT = new Uint8Array();

/** Reads, without locks, what decides whether a session can be created. */
export async function readCreateState(
  tx: Transaction,
  { orgId, mode }: Tenant,
  { participantSlotHash, avatarId }: Pick<Session, 'participantSlotHash' | 'avatarId'>,
): Promise<CreateState> {
  const values = [orgId, mode, participantSlotHash ?? NO_SLOT, avatarId];
  const [row] = await tx.query<CreateStateRow>({ text: READ_CREATE_STATE, values });
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

/** The columns of a session's record that its transport decides. */
export type SessionTransport = Pick<
  Session,
  | 'transportType'
  | 'transportUrl'
  | 'roomName'
  | 'workerIdentity'
  | 'audioSource'
  | 'subscribeToIdentity'
  | 'syntheticAudioIfNoInput'
  | 'participantSlotHash'
  | 'workerTokenHash'
  | 'actsFor'
  | 'replacedTokenHashes'
>;

/** The columns that a create sets, in the record and in the assignment. */
export type NewSession = Pick<
  Session,
  'orgId' | 'mode' | 'id' | 'avatarId' | 'quality' | 'maxDurationSeconds' | 'idleTimeoutSeconds' | 'metadata'
> &
  SessionTransport &
  NewAssignment;

/**
 * Creates a session with its first event and its assignment, reserves its slot and credits, and commits. Rolls back and
 * returns false when the account has no slot or credits for it any more, or the maximum duration has been lowered.
 *
 * @param response stores the response under the request's idempotency key, in the same statement. Returns false when a
 *   response is there already.
 * @throws {Error} a violation of `LIVE_SLOT_INDEX` when another live session holds the participant slot
 */
export async function insertSession(
  tx: Transaction,
  session: NewSession,
  transition: Transition,
  response: StoreStatement | null,
): Promise<boolean> {
  const { orgId, mode, id, creditsReserved, maxDurationSeconds } = session;
  const record = Prisma.sql`
    WITH ${response === null ? Prisma.empty : Prisma.sql`response AS (${response}), `}account AS (
      ${reserveSlotStatement(session, { credits: creditsReserved, maxDurationSeconds })}
        ${response === null ? Prisma.empty : Prisma.sql`AND EXISTS (SELECT FROM response)`}
      RETURNING account.org_id, account.event_sequence
    ), session AS (
      INSERT INTO sessions (
        org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds, metadata,
        transport_type, transport_url, room_name, worker_identity, audio_source, subscribe_to_identity,
        synthetic_audio_if_no_input, seat_hash, worker_token_hash, acts_for, replaced_token_hashes, transitions)
      SELECT ${orgId}, ${mode}, ${id}, ${transition.to}, ${session.avatarId},
             ${session.quality}, ${maxDurationSeconds}::int, ${session.idleTimeoutSeconds}::int,
             ${JSON.stringify(session.metadata)}::jsonb, ${session.transportType}, ${session.transportUrl},
             ${session.roomName}, ${session.workerIdentity}, ${session.audioSource},
             ${session.subscribeToIdentity}, ${session.syntheticAudioIfNoInput}::boolean,
             ${session.participantSlotHash}::bytea, ${session.workerTokenHash}::bytea, ${session.actsFor},
             ${session.replacedTokenHashes}::bytea[], 1
        FROM account
      RETURNING *
    ), ${eventExpressions(session, [{ from: 'created', transition }], Prisma.sql`session`)}
    SELECT 1 / count(*) FROM session`;
  try {
    // The statement that locks the account comes last, for the creates of the same account that wait for it.
    await tx.commit(insertStatement(session, transition.to), record);
    return true;
  } catch (error) {
    // The commit was sent already, so a statement that creates nothing must fail.
    if (isDivisionByZero(error)) return false;
    throw error;
  }
}
