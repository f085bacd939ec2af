import {
  isLockConflict,
  violatesUniqueIndex,
  type Avatar,
  type Database,
  type Session,
  type Transaction,
} from '@greenroom/database';

import type { Account } from '../accounts/account-repository.ts';
import { recordAudit, type Actor } from '../audit/audit-repository.ts';
import { requireReady } from '../avatars/avatar-service.ts';
import type { SessionConfig } from '../common/config.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { HandlerResponse } from '../contract/responses.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { mediaRuntimeTypeFor, runtimeTypeFor } from '../dispatch/runtime-type.ts';
import { ApiError } from '../errors/api-error.ts';
import type { StoreStatement } from '../idempotency/idempotency-repository.ts';
import {
  idempotently,
  unfinished,
  type IdempotentRequest,
  type UnfinishedResponse,
} from '../idempotency/idempotency.ts';
import { creditsFor } from '../usage/credits.ts';
import { lockAssignment } from './assignment-repository.ts';
import {
  insertSession,
  readCreateState,
  LIVE_SLOT_INDEX,
  type CreateState,
  type NewSession,
  type SlotHolder,
} from './create-repository.ts';
import {
  requireUsableToken,
  validateCreate,
  validatePipecatCreate,
  type CreateRequest,
  type PipecatSessionCreate,
  type SessionCreate,
} from './create-validation.ts';
import { queueDeadline } from './deadlines.ts';
import { endTransition, replaceTransition, TRANSITIONS } from './lifecycle.ts';
import { liveSession } from './live-session.ts';
import type { SessionRecord } from './session-record.ts';
import { findSessionWithCounters } from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';
import type { TokenCipher } from './token-cipher.ts';

/** Maximum number of attempts at a create or an end. */
const MAX_ATTEMPTS = 20;

/** Maximum number of replaced tokens that a session records. */
const MAX_REPLACED_TOKENS = 16;

interface Dependencies {
  database: Database;
  config: SessionConfig;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  notifier: DispatchNotifier;
}

/** The request that creates a session. */
export type Origin = Pick<NewSession, 'requestId' | 'traceparent'>;

/** What the checks of a create have found. */
interface NewSessionParts {
  avatar: Pick<Avatar, 'runtimeType'>;
  allowance: Allowance;
  origin: Origin;
}

/** The columns of a new session that its transport decides. */
type TransportColumns = Pick<
  NewSession,
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
  | 'workerTokenExpiresAt'
  | 'actsFor'
  | 'replacedTokenHashes'
>;

/** The duration and the credits that a session may use, within its account's limits. */
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
   * Queues a session, or returns the live session that an earlier attempt of the same request created. Writes nothing
   * when a check fails. The checks read without locks: the write applies only if their results still hold, and
   * otherwise the create starts again.
   *
   * @param key the idempotency key, or null
   * @param origin continues in the logs and the trace of the worker
   * @param respond returns the response for a session; it may be called more than once
   * @throws {ApiError} 400, 402, 404, 409, 422 or 429, as the document says; 503 when others changed the account or the
   *   participant slot at each attempt
   */
  async create<Response extends HandlerResponse>(
    tenant: Tenant,
    body: SessionCreate,
    { key, origin }: { key: string | null; origin: Origin },
    respond: (session: SessionRecord) => Response,
  ): Promise<Response> {
    const request = { tenant, key, content: body };
    return retryOutdated(() =>
      idempotently(this.#deps.database, request, async (tx, storeEarly) =>
        respond(await this.#create(tx, tenant, { body, origin }, (session) => storeEarly(respond(session)))),
      ),
    );
  }

  async #create(
    tx: Transaction,
    tenant: Tenant,
    { body, origin }: { body: SessionCreate; origin: Origin },
    storeEarly: (session: SessionRecord) => StoreStatement | null,
  ): Promise<SessionRecord> {
    const { config } = this.#deps;
    const request = validateCreate(tenant, body, config);
    const key = { participantSlotHash: request.slotHash, avatarId: body.avatar_id };
    const state = await readCreateState(tx, tenant, key);
    const retried = await findRetried(tx, tenant, state, request);
    if (retried !== null) return retried;
    requireUsableToken(request);
    const avatar = requireReady(state.avatar, body.avatar_id);
    let { account } = state;
    let replacedTokenHashes: Session['replacedTokenHashes'] = [];
    if (state.holder !== null) {
      requireReplaceable(state.holder, request);
      replacedTokenHashes = await this.#replace(tx, tenant, state.holder);
      ({ account } = await readCreateState(tx, tenant, key));
    }
    const allowance = requireAllowance(account, tenant, body);
    const session = this.#newRoomSession(tenant, request, { avatar, allowance, replacedTokenHashes, origin });
    return this.#queue(tx, session, storeEarly);
  }

  /**
   * Queues a session over a WebSocket, as `create` queues one in a room. Returns the response that is stored under the
   * idempotency key, or the id of the queued session as an unfinished one.
   *
   * @param mediaToken the credential of its client
   * @throws {ApiError} 402, 404, 409, 422, 429 or 503, as `create`
   */
  async createOverWebSocket<Response extends HandlerResponse>(
    request: IdempotentRequest,
    body: PipecatSessionCreate,
    { mediaToken, origin }: { mediaToken: string; origin: Origin },
  ): Promise<Response | UnfinishedResponse> {
    const { tenant } = request;
    validatePipecatCreate(tenant, body);
    return retryOutdated(() =>
      idempotently<Response | UnfinishedResponse>(this.#deps.database, request, async (tx, storeEarly) => {
        const key = { participantSlotHash: null, avatarId: body.avatar_id };
        const state = await readCreateState(tx, tenant, key);
        const avatar = requireReady(state.avatar, body.avatar_id);
        const allowance = requireAllowance(state.account, tenant, body);
        const session = this.#newMediaSession(tenant, body, { avatar, allowance, mediaToken, origin });
        const { id } = await this.#queue(tx, session, (record) => storeEarly(unfinished(record.id)));
        return unfinished(id);
      }),
    );
  }

  /** Inserts a session, and announces it. */
  async #queue(
    tx: Transaction,
    session: NewSession,
    storeEarly: (session: SessionRecord) => StoreStatement | null,
  ): Promise<SessionRecord> {
    const { notifier } = this.#deps;
    const record = recordOf(session, TRANSITIONS.enqueue.to);
    if (!(await insertSession(tx, session, TRANSITIONS.enqueue, storeEarly(record)))) {
      throw new OutdatedError();
    }
    notifier.sessionQueued(tx, session);
    notifier.eventsAppended(tx, session);
    return record;
  }

  /** @throws {ApiError} 404 when the tenant has no such session */
  async get(tenant: Tenant, id: string): Promise<SessionRecord> {
    return (await findSessionWithCounters(this.#deps.database, tenant, id)) ?? notFound(id);
  }

  /**
   * Ends a session in any state. Ending it again changes nothing.
   *
   * @throws {ApiError} 404 when the tenant has no such session
   */
  async end(tenant: Tenant, id: string): Promise<SessionRecord> {
    return (await endSession(this.#deps, tenant, id)) ?? this.get(tenant, id);
  }

  /**
   * Ends the session that holds the participant slot, because the agent was restarted and its avatar restarts with it.
   * Returns the hashes of the tokens that the new session replaces.
   */
  async #replace(
    tx: Transaction,
    tenant: Tenant,
    { id, replacedTokenHashes, workerTokenHash }: SlotHolder,
  ): Promise<Session['replacedTokenHashes']> {
    const { transitions } = this.#deps;
    const assignment = await lockAssignment(tx, id, { tenant });
    const transition = assignment === null ? null : replaceTransition(assignment.status);
    if (assignment === null || transition === null) throw new OutdatedError();
    await transitions.save(tx, transitions.apply(liveSession(assignment), transition));
    return [...replacedTokenHashes, ...(workerTokenHash ? [workerTokenHash] : [])].slice(
      -MAX_REPLACED_TOKENS,
    );
  }

  #newRoomSession(
    tenant: Tenant,
    { body, transport, token, tokenHash, workerIdentity, slotHash }: CreateRequest,
    { avatar, replacedTokenHashes, ...shared }: NewSessionParts & Pick<Session, 'replacedTokenHashes'>,
  ): NewSession {
    return this.#newSession(tenant, body, transport.worker_token, {
      ...shared,
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
      workerTokenExpiresAt: token.expiresAt,
      actsFor: token.actsFor,
      replacedTokenHashes,
    });
  }

  #newMediaSession(
    tenant: Tenant,
    body: PipecatSessionCreate,
    { avatar, mediaToken, ...shared }: NewSessionParts & { mediaToken: string },
  ): NewSession {
    return this.#newSession(tenant, body, mediaToken, {
      ...shared,
      transportType: 'pipecat',
      transportUrl: null,
      roomName: null,
      workerIdentity: null,
      audioSource: 'data_stream',
      subscribeToIdentity: null,
      syntheticAudioIfNoInput: false,
      runtimeType: mediaRuntimeTypeFor(avatar),
      participantSlotHash: null,
      workerTokenHash: null,
      workerTokenExpiresAt: null,
      actsFor: null,
      replacedTokenHashes: [],
    });
  }

  #newSession(
    { orgId, mode }: Tenant,
    body: Pick<SessionCreate, 'avatar_id' | 'quality' | 'idle_timeout_seconds' | 'metadata'>,
    token: string,
    { allowance, origin, ...transport }: Omit<NewSessionParts, 'avatar'> & TransportColumns,
  ): NewSession {
    const { config, cipher } = this.#deps;
    const id = newId('sess');
    return {
      orgId,
      mode,
      id,
      avatarId: body.avatar_id,
      quality: body.quality,
      maxDurationSeconds: allowance.maxDurationSeconds,
      idleTimeoutSeconds: body.idle_timeout_seconds,
      metadata: body.metadata,
      ...transport,
      workerTokenEncrypted: cipher.seal(token, id),
      creditsReserved: allowance.credits,
      deadlineAt: queueDeadline(transport, config),
      ...origin,
    };
  }
}

/**
 * Ends a live session. Returns null, and changes nothing, when it does not exist, or ends or has ended already.
 *
 * @param auditedActor records the change, unless its customer makes it
 */
export async function endSession(
  { database, transitions }: Pick<Dependencies, 'database' | 'transitions'>,
  tenant: Tenant,
  id: string,
  auditedActor: Actor | null = null,
): Promise<SessionRecord | null> {
  return retryOutdated(() =>
    database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id, { tenant });
      const transition = assignment === null ? null : endTransition(assignment.status);
      if (assignment === null || transition === null) return null;
      if (auditedActor !== null) {
        const { orgId, mode } = tenant;
        const record = { orgId, action: 'session.end', objectId: id, details: { mode } } as const;
        await recordAudit(tx, auditedActor, record);
      }
      return transitions.commit(tx, transitions.apply(liveSession(assignment), transition));
    }),
  );
}

/** Rolls back a transaction that was decided on outdated reads. */
class OutdatedError extends Error {}

/**
 * Retries work, at most `MAX_ATTEMPTS` times, when another transaction made its reads outdated, took the participant slot
 * or deadlocked with it.
 *
 * @throws {ApiError} 503 when that happens at each attempt
 */
async function retryOutdated<T>(work: () => Promise<T>): Promise<T> {
  let cause: unknown;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isOutdated =
        error instanceof OutdatedError ||
        isLockConflict(error) ||
        violatesUniqueIndex(error, LIVE_SLOT_INDEX);
      if (!isOutdated) throw error;
      cause = error;
    }
  }
  throw new ApiError('at_capacity', {
    situation: 'caller',
    values: { seconds: 1 },
    cause,
  });
}

/**
 * Returns the live session that the same token created, or null. A retry gets its session even if the token has expired
 * or the avatar was deleted since.
 */
async function findRetried(
  tx: Transaction,
  tenant: Tenant,
  { holder }: CreateState,
  { tokenHash }: CreateRequest,
): Promise<SessionRecord | null> {
  if (holder === null || !isEqual(holder.workerTokenHash, tokenHash)) return null;
  const session = await findSessionWithCounters(tx, tenant, holder.id);
  if (session === null) throw new OutdatedError();
  return session;
}

/**
 * Checks that the new token may replace the session that holds the participant slot: it acts for another participant,
 * and was not itself replaced, such as a token that a retry sends late.
 *
 * @throws {ApiError} 409 when it may not
 */
function requireReplaceable(holder: SlotHolder, { token: { actsFor }, tokenHash }: CreateRequest): void {
  const wasReplaced = holder.replacedTokenHashes.some((hash) => isEqual(hash, tokenHash));
  if (actsFor !== null && actsFor !== holder.actsFor && !wasReplaced) return;
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
function requireAllowance(
  account: Account,
  { mode }: Tenant,
  body: Pick<SessionCreate, 'max_duration_seconds' | 'quality'>,
): Allowance {
  const { activeSessions, concurrentSessions, maxSessionSeconds, creditsAvailable } = account;
  if (activeSessions >= concurrentSessions) {
    throw new ApiError('concurrent_sessions', {
      values: { limit: concurrentSessions, active: activeSessions },
    });
  }
  const maxDurationSeconds = Math.min(body.max_duration_seconds ?? maxSessionSeconds, maxSessionSeconds);
  // Test sessions are free.
  const credits = mode === 'test' ? 0 : creditsFor(maxDurationSeconds, body.quality);
  if (credits > creditsAvailable) {
    throw new ApiError('insufficient_credit_balance', {
      values: { cost: credits, available: creditsAvailable },
    });
  }
  return { maxDurationSeconds, credits };
}

function recordOf(session: NewSession, status: SessionRecord['status']): SessionRecord {
  return {
    ...session,
    status,
    startedAt: null,
    firstFrameAt: null,
    endedAt: null,
    failedAt: null,
    failureCode: null,
    failureMessage: null,
    billableSeconds: 0,
    frames: 0,
  };
}

function isEqual(hash: Uint8Array | null, other: Uint8Array): boolean {
  return hash !== null && Buffer.compare(hash, other) === 0;
}

function notFound(id: string): never {
  throw new ApiError('session.not_found', { values: { session_id: id }, param: 'session_id' });
}
