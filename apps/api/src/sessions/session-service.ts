import type { validatedOperations } from '@greenroom/contract';
import type { Database, Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { lockAccount, reserveSlot } from '../accounts/account-repository.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { runtimeTypeFor } from '../dispatch/runtime-type.ts';
import { requireReadyAvatar } from '../avatars/avatar-service.ts';
import type { SessionConfig } from '../common/config.ts';
import { ApiError } from '../errors/api-error.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { creditsFor } from '../usage/credits.ts';
import { moves, moveToEnd, moveToReplace } from './lifecycle.ts';
import { hashParticipantSlot } from './participant-slot.ts';
import { waitingUntil } from './queue-deadline.ts';
import {
  findParticipantSlotHolder,
  findSession,
  insertSession,
  lockParticipantSlot,
  lockSession,
} from './session-repository.ts';
import type { SessionRecord } from './session-record.ts';
import { requireLiveKit, requireStorableMetadata } from './create-validation.ts';
import type { SessionTransitions } from './session-transitions.ts';
import { hashToken, type TokenCipher } from './token-cipher.ts';
import { checkWorkerToken, decodeWorkerToken } from './worker-token.ts';

/** Tokens that a session remembers to have replaced. */
const MAX_REPLACED_TOKENS = 16;

/** The identity of a worker whose token has none. */
const DEFAULT_WORKER_IDENTITY = 'greenroom-worker';

export type SessionCreate =
  validatedOperations['sessions.create']['requestBody']['content']['application/json'];

export class SessionService {
  readonly #database: Database;
  readonly #config: SessionConfig;
  readonly #cipher: TokenCipher;
  readonly #transitions: SessionTransitions;
  readonly #notifier: DispatchNotifier;

  constructor(
    database: Database,
    config: SessionConfig,
    cipher: TokenCipher,
    transitions: SessionTransitions,
    notifier: DispatchNotifier,
  ) {
    this.#database = database;
    this.#config = config;
    this.#cipher = cipher;
    this.#transitions = transitions;
    this.#notifier = notifier;
  }

  /**
   * Queues a session, or answers the live one that the same request made before. All checks come before the
   * first write; a refusal leaves nothing behind.
   *
   * @throws {ApiError} 400, 402, 404, 409, 422 or 429 as the document says
   */
  async create(tx: Transaction, tenant: Tenant, body: SessionCreate): Promise<SessionRecord> {
    const transport = requireLiveKit(body.transport, this.#config);
    const metadata = requireStorableMetadata(body.metadata, tenant);
    const token = decodeWorkerToken(transport.worker_token);
    const workerIdentity = transport.worker_identity ?? token.identity ?? DEFAULT_WORKER_IDENTITY;
    const participantSlotHash = hashParticipantSlot({
      url: transport.url,
      roomName: transport.room_name,
      workerIdentity,
    });
    const tokenHash = hashToken(transport.worker_token);
    let avatar;
    try {
      checkWorkerToken(
        token,
        {
          roomName: transport.room_name,
          workerIdentity: transport.worker_identity ?? null,
          audioSource: transport.audio_source,
        },
        currentTime(),
      );
      avatar = await requireReadyAvatar(tx, tenant, body.avatar_id);
    } catch (fault) {
      // A token that has expired since, or an avatar that is gone: the session that they made is there all the same.
      const holder = await findParticipantSlotHolder(tx, tenant, participantSlotHash);
      if (holder !== null && isOfToken(holder, tokenHash)) return holder;
      throw fault;
    }

    const replacedTokenHashes = await this.#replace(tx, tenant, participantSlotHash, {
      tokenHash,
      actsFor: token.actsFor,
    });
    // From here on this tenant's creates take turns: what is counted now stays true until the commit.
    const account = await lockAccount(tx, tenant);
    const holder = await findParticipantSlotHolder(tx, tenant, participantSlotHash);
    if (holder !== null) {
      if (isOfToken(holder, tokenHash)) return holder;
      throw new ApiError('worker_identity.in_use', {
        values: { session_id: holder.id },
        param: 'transport.worker_identity',
      });
    }
    if (account.activeSessions >= account.concurrentSessions) {
      throw new ApiError('concurrent_sessions', {
        values: { limit: account.concurrentSessions, active: account.activeSessions },
      });
    }
    const maxDurationSeconds = Math.min(
      body.max_duration_seconds ?? account.maxSessionSeconds,
      account.maxSessionSeconds,
    );
    // Test sessions cost nothing.
    const credits = tenant.mode === 'test' ? 0 : creditsFor(maxDurationSeconds, body.quality);
    const available = account.creditsBalance - account.creditsReserved;
    if (credits > available) {
      throw new ApiError('insufficient_credit_balance', { values: { cost: credits, available } });
    }

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
        metadata,
        transportType: 'livekit',
        transportUrl: transport.url,
        roomName: transport.room_name,
        workerIdentity,
        audioSource: transport.audio_source,
        subscribeToIdentity: transport.subscribe_to_identity ?? null,
        syntheticAudioIfNoInput: transport.synthetic_audio_if_no_input,
        runtimeType: runtimeTypeFor(tenant, avatar, metadata),
        participantSlotHash,
        workerTokenHash: tokenHash,
        workerTokenEncrypted: this.#cipher.seal(transport.worker_token, id),
        workerTokenExpiresAt: token.expiresAt,
        actsFor: token.actsFor,
        replacedTokenHashes,
        creditsReserved: credits,
        deadlineAt: waitingUntil(token.expiresAt, this.#config),
      },
      moves.enqueue,
    );
    this.#notifier.sessionQueued(tx, session);
    return session;
  }

  /**
   * Ends the session that holds the identity in the room if the new token acts for another participant: the agent has
   * been restarted, and its avatar starts again with it. A token that was itself replaced, such as one that is sent again
   * late, takes nothing back. Runs before the account is locked: each move of a session locks the session first.
   *
   * Returns the hashes of the tokens that the new session replaces.
   */
  async #replace(
    tx: Transaction,
    tenant: Tenant,
    participantSlotHash: Uint8Array<ArrayBuffer>,
    { tokenHash, actsFor }: { tokenHash: Uint8Array; actsFor: string | null },
  ): Promise<Uint8Array<ArrayBuffer>[]> {
    if (actsFor === null) return [];
    // One at a time, so that each sees the session that the one before it has made.
    await lockParticipantSlot(tx, tenant, participantSlotHash);
    const holder = await findParticipantSlotHolder(tx, tenant, participantSlotHash);
    if (holder === null || holder.actsFor === actsFor || isOfToken(holder, tokenHash)) return [];
    if (holder.replacedTokenHashes.some((hash) => Buffer.compare(hash, tokenHash) === 0)) return [];
    const session = await lockSession(tx, tenant, holder.id);
    const move = session === null ? null : moveToReplace(session.status);
    if (session === null || move === null) return [];
    await this.#transitions.apply(tx, session, move);
    const replaced = [
      ...session.replacedTokenHashes,
      ...(session.workerTokenHash ? [session.workerTokenHash] : []),
    ];
    return replaced.slice(-MAX_REPLACED_TOKENS);
  }

  /** @throws {ApiError} 404 where the tenant has no such session */
  async get(tenant: Tenant, id: string): Promise<SessionRecord> {
    return (await findSession(this.#database, tenant, id)) ?? notFound(id);
  }

  /**
   * Ends a session, from whatever state it is in; ending it again changes nothing.
   *
   * @throws {ApiError} 404 where the tenant has no such session
   */
  async end(tenant: Tenant, id: string): Promise<SessionRecord> {
    const found = await this.get(tenant, id);
    // Without a lock: a terminal session does not change any more.
    return moveToEnd(found.status) === null ? found : this.#endLive(tenant, id);
  }

  #endLive(tenant: Tenant, id: string): Promise<SessionRecord> {
    return this.#database.transaction(async (tx) => {
      const session = (await lockSession(tx, tenant, id)) ?? notFound(id);
      const move = moveToEnd(session.status);
      return move === null ? session : ((await this.#transitions.apply(tx, session, move)) ?? session);
    });
  }
}

function isOfToken({ workerTokenHash }: { workerTokenHash: Uint8Array | null }, hash: Uint8Array): boolean {
  return workerTokenHash !== null && Buffer.compare(workerTokenHash, hash) === 0;
}

function notFound(id: string): never {
  throw new ApiError('session.not_found', { values: { session_id: id }, param: 'session_id' });
}
