import type { Avatar, Database, Session, Transaction } from '@greenroom/database';

import { requireReady } from '../avatars/avatar-service.ts';
import type { SessionConfig } from '../common/config.ts';
import type { Tenant } from '../common/tenant.ts';
import type { HandlerResponse } from '../contract/responses.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { runtimeTypeFor } from '../dispatch/runtime-type.ts';
import { ApiError } from '../errors/api-error.ts';
import type { StoreStatement } from '../idempotency/idempotency-repository.ts';
import { idempotently } from '../idempotency/idempotency.ts';
import { lockAssignment } from './assignment-repository.ts';
import { readCreateState, type CreateState, type NewSession, type SlotHolder } from './create-repository.ts';
import {
  requireUsableToken,
  validateCreate,
  type CreateRequest,
  type SessionCreate,
} from './create-validation.ts';
import { replaceTransition } from './lifecycle.ts';
import { liveSession } from './live-session.ts';
import { newSession, queueSession, requireAllowance, type Allowance, type Origin } from './new-session.ts';
import { OutdatedError, retryOutdated } from './retry-outdated.ts';
import type { SessionRecord } from './session-record.ts';
import { findSessionWithCounters } from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';
import type { TokenCipher } from './token-cipher.ts';

/** Maximum number of replaced tokens that a session records. */
const MAX_REPLACED_TOKENS = 16;

interface Dependencies {
  database: Database;
  config: SessionConfig;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  notifier: DispatchNotifier;
}

/** Creates sessions in rooms. */
export class RoomSessionService {
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
    const { config, notifier } = this.#deps;
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
    const session = this.#newSession(tenant, request, { avatar, allowance, replacedTokenHashes, origin });
    return queueSession(tx, notifier, session, storeEarly);
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

  #newSession(
    tenant: Tenant,
    { body, transport, token, tokenHash, workerIdentity, slotHash }: CreateRequest,
    {
      avatar,
      ...shared
    }: {
      avatar: Pick<Avatar, 'runtimeType'>;
      allowance: Allowance;
      replacedTokenHashes: Session['replacedTokenHashes'];
      origin: Origin;
    },
  ): NewSession {
    return newSession(this.#deps, tenant, body, transport.worker_token, {
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
    });
  }
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

function isEqual(hash: Uint8Array | null, other: Uint8Array): boolean {
  return hash !== null && Buffer.compare(hash, other) === 0;
}
