import type { Avatar, Database, Session, Transaction } from '@greenroom/database';

import { lockAccount, reserveSlot, type Account } from '../accounts/account-repository.ts';
import { requireReadyAvatar } from '../avatars/avatar-service.ts';
import type { SessionConfig } from '../common/config.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { runtimeTypeFor } from '../dispatch/runtime-type.ts';
import { ApiError } from '../errors/api-error.ts';
import { creditsFor } from '../usage/credits.ts';
import {
  requireUsableToken,
  validateCreate,
  type CreateRequest,
  type SessionCreate,
} from './create-validation.ts';
import { queueDeadline } from './deadlines.ts';
import { moves, moveToEnd, moveToReplace } from './lifecycle.ts';
import type { SessionRecord } from './session-record.ts';
import {
  findSession,
  findSlotHolder,
  insertSession,
  lockParticipantSlot,
  lockSession,
} from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';
import type { TokenCipher } from './token-cipher.ts';

/** Limits the tokens that a session remembers to have replaced. */
const MAX_REPLACED_TOKENS = 16;

interface Dependencies {
  database: Database;
  config: SessionConfig;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  notifier: DispatchNotifier;
}

/** What a session may use, within its account's limits. */
interface Allowance {
  maxDurationSeconds: number;
  credits: number;
}

/** Creates, reads and ends the sessions of customers. */
export class SessionService {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /**
   * Queues a session, or returns the live session that an earlier send of the same request created. Writes nothing when
   * a check fails.
   *
   * @throws {ApiError} 400, 402, 404, 409, 422 or 429, as the document says
   */
  async create(tx: Transaction, tenant: Tenant, body: SessionCreate): Promise<SessionRecord> {
    const request = validateCreate(tenant, body, this.#deps.config);
    const { avatar, retried } = await preflight(tx, tenant, request);
    if (retried !== null) return retried;
    const replacedTokenHashes = await this.#replace(tx, tenant, request);
    // From here on, creates of the tenant take turns, so that what is read stays true until the commit.
    const account = await lockAccount(tx, tenant);
    const existing = await requireFreeSlot(tx, tenant, request);
    if (existing !== null) return existing;
    const allowance = requireAllowance(account, tenant, body);
    return this.#insert(tx, tenant, request, avatar, allowance, replacedTokenHashes);
  }

  /** @throws {ApiError} 404 when the tenant has no such session */
  async get(tenant: Tenant, id: string): Promise<SessionRecord> {
    return (await findSession(this.#deps.database, tenant, id)) ?? notFound(id);
  }

  /**
   * Ends a session in any state. Ending it again changes nothing.
   *
   * @throws {ApiError} 404 when the tenant has no such session
   */
  async end(tenant: Tenant, id: string): Promise<SessionRecord> {
    const found = await this.get(tenant, id);
    // Needs no lock, because a terminal session does not change.
    return moveToEnd(found.status) === null ? found : this.#endLive(tenant, id);
  }

  /**
   * Ends the session that holds the participant slot if the new token acts for another participant: the agent was
   * restarted, and its avatar restarts with it. A token that was itself replaced, such as one that a retry sends late,
   * replaces nothing. Runs before the account is locked, because each move of a session locks the session first.
   *
   * Returns the hashes of the tokens that the new session replaces.
   */
  async #replace(
    tx: Transaction,
    tenant: Tenant,
    { slotHash, tokenHash, token: { actsFor } }: CreateRequest,
  ): Promise<Uint8Array<ArrayBuffer>[]> {
    if (actsFor === null) return [];
    // One at a time, so that each sees the session that the previous one created.
    await lockParticipantSlot(tx, tenant, slotHash);
    const holder = await findSlotHolder(tx, tenant, slotHash);
    if (holder === null || holder.actsFor === actsFor || hasToken(holder, tokenHash)) return [];
    if (holder.replacedTokenHashes.some((hash) => Buffer.compare(hash, tokenHash) === 0)) return [];
    const session = await lockSession(tx, tenant, holder.id);
    const move = session === null ? null : moveToReplace(session.status);
    if (session === null || move === null) return [];
    await this.#deps.transitions.apply(tx, session, move);
    const replaced = [
      ...session.replacedTokenHashes,
      ...(session.workerTokenHash ? [session.workerTokenHash] : []),
    ];
    return replaced.slice(-MAX_REPLACED_TOKENS);
  }

  async #insert(
    tx: Transaction,
    tenant: Tenant,
    { body, transport, token, tokenHash, workerIdentity, slotHash }: CreateRequest,
    avatar: Avatar,
    { maxDurationSeconds, credits }: Allowance,
    replacedTokenHashes: Uint8Array<ArrayBuffer>[],
  ): Promise<SessionRecord> {
    const { config, cipher, notifier } = this.#deps;
    const id = newId('sess');
    await reserveSlot(tx, tenant, credits);
    const session = await insertSession(
      tx,
      {
        orgId: tenant.orgId,
        mode: tenant.mode,
        id,
        avatarId: avatar.id,
        quality: body.quality,
        maxDurationSeconds,
        idleTimeoutSeconds: body.idle_timeout_seconds,
        metadata: body.metadata,
        transportType: 'livekit',
        transportUrl: transport.url,
        roomName: transport.room_name,
        workerIdentity,
        audioSource: transport.audio_source,
        subscribeToIdentity: transport.subscribe_to_identity ?? null,
        syntheticAudioIfNoInput: transport.synthetic_audio_if_no_input,
        runtimeType: runtimeTypeFor(tenant, avatar, body.metadata),
        participantSlotHash: slotHash,
        workerTokenHash: tokenHash,
        workerTokenEncrypted: cipher.seal(transport.worker_token, id),
        workerTokenExpiresAt: token.expiresAt,
        actsFor: token.actsFor,
        replacedTokenHashes,
        creditsReserved: credits,
        deadlineAt: queueDeadline(token.expiresAt, config),
      },
      moves.enqueue,
    );
    notifier.sessionQueued(tx, session);
    return session;
  }

  #endLive(tenant: Tenant, id: string): Promise<SessionRecord> {
    const { database, transitions } = this.#deps;
    return database.transaction(async (tx) => {
      const session = (await lockSession(tx, tenant, id)) ?? notFound(id);
      const move = moveToEnd(session.status);
      return move === null ? session : ((await transitions.apply(tx, session, move)) ?? session);
    });
  }
}

/**
 * Checks the token and the avatar. A retry gets its session even if the token has expired or the avatar was deleted
 * since.
 *
 * @throws {ApiError} 404, 409 or 422
 */
async function preflight(
  tx: Transaction,
  tenant: Tenant,
  request: CreateRequest,
): Promise<{ avatar: Avatar; retried: null } | { avatar: null; retried: Session }> {
  try {
    requireUsableToken(request);
    return { avatar: await requireReadyAvatar(tx, tenant, request.body.avatar_id), retried: null };
  } catch (error) {
    const holder = await findSlotHolder(tx, tenant, request.slotHash);
    if (holder !== null && hasToken(holder, request.tokenHash)) return { avatar: null, retried: holder };
    throw error;
  }
}

/**
 * Returns null when no session holds the participant slot, or the session that the same token created.
 *
 * @throws {ApiError} 409 when another session holds the slot
 */
async function requireFreeSlot(
  tx: Transaction,
  tenant: Tenant,
  { slotHash, tokenHash }: CreateRequest,
): Promise<Session | null> {
  const holder = await findSlotHolder(tx, tenant, slotHash);
  if (holder === null || hasToken(holder, tokenHash)) return holder;
  throw new ApiError('worker_identity.in_use', {
    values: { session_id: holder.id },
    param: 'transport.worker_identity',
  });
}

/**
 * Returns the duration and the credits of a new session.
 *
 * @throws {ApiError} 429 when the tenant has too many live sessions, 402 when it has too few credits
 */
function requireAllowance(account: Account, { mode }: Tenant, body: SessionCreate): Allowance {
  const { activeSessions, concurrentSessions, maxSessionSeconds, creditsBalance, creditsReserved } = account;
  if (activeSessions >= concurrentSessions) {
    throw new ApiError('concurrent_sessions', {
      values: { limit: concurrentSessions, active: activeSessions },
    });
  }
  const maxDurationSeconds = Math.min(body.max_duration_seconds ?? maxSessionSeconds, maxSessionSeconds);
  // Test sessions are free.
  const credits = mode === 'test' ? 0 : creditsFor(maxDurationSeconds, body.quality);
  const available = creditsBalance - creditsReserved;
  if (credits > available) {
    throw new ApiError('insufficient_credit_balance', { values: { cost: credits, available } });
  }
  return { maxDurationSeconds, credits };
}

function hasToken({ workerTokenHash }: Session, hash: Uint8Array): boolean {
  return workerTokenHash !== null && Buffer.compare(workerTokenHash, hash) === 0;
}

function notFound(id: string): never {
  throw new ApiError('session.not_found', { values: { session_id: id }, param: 'session_id' });
}
