import { randomBytes } from 'node:crypto';

import { mediaPath, mediaProtocol, type components } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { requireReady } from '../avatars/avatar-service.ts';
import type { SessionConfig } from '../common/config.ts';
import type { Tenant } from '../common/tenant.ts';
import { dequeuedMessage, type DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { mediaRuntimeTypeFor } from '../dispatch/runtime-type.ts';
import type { LongPoll, Subscription, WaitList } from '../dispatch/wait-list.ts';
import { linkTo } from '../document/link.ts';
import { ApiError } from '../errors/api-error.ts';
import {
  finishResponse,
  forgetUnfinished,
  idempotently,
  unfinished,
  type IdempotentRequest,
  type UnfinishedResponse,
} from '../idempotency/idempotency.ts';
import { findMediaHost, lockAssignment } from './assignment-repository.ts';
import { readCreateState } from './create-repository.ts';
import { validatePipecatCreate, type PipecatSessionCreate } from './create-validation.ts';
import { createWaitSeconds } from './deadlines.ts';
import { TRANSITIONS, type Transition } from './lifecycle.ts';
import { liveSession } from './live-session.ts';
import {
  newSession,
  queueSession,
  requireAllowance,
  type Origin,
  type TransportColumns,
} from './new-session.ts';
import { retryOutdated } from './retry-outdated.ts';
import { sessionResource } from './session-record.ts';
import { endSession, getSession } from './session-service.ts';
import type { SessionTransitions } from './session-transitions.ts';
import type { TokenCipher } from './token-cipher.ts';

/** Limits the delay of a create whose notification was lost. */
const POLL_INTERVAL_MS = 2_000;
const RETRY_AFTER_SECONDS = 1;

/** The columns of a session that is in no room. */
const NO_ROOM: Omit<TransportColumns, 'runtimeType'> = {
  transportType: 'pipecat',
  transportUrl: null,
  roomName: null,
  workerIdentity: null,
  audioSource: 'data_stream',
  subscribeToIdentity: null,
  syntheticAudioIfNoInput: false,
  participantSlotHash: null,
  workerTokenHash: null,
  workerTokenExpiresAt: null,
  actsFor: null,
  replacedTokenHashes: [],
};

type PipecatSession = components['schemas']['PipecatSession'];

interface CreatedResponse {
  status: 201;
  headers: { Location: string };
  body: PipecatSession;
}

interface Dependencies {
  database: Database;
  config: SessionConfig;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  notifier: DispatchNotifier;
  /** Notified when a session over a WebSocket has left the queue, see `dequeuedMessage`. */
  waitingReports: WaitList;
}

/** Creates sessions over a WebSocket, and waits until a worker has started them. */
export class PipecatSessionService {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /**
   * Creates a session, and returns the response with the address and the token for its client when a worker has started
   * it: then the worker accepts the client. Without a worker, when the client disconnects, and when the process drains,
   * the session is canceled.
   *
   * @throws {ApiError} 402, 404, 409, 422 or 429, as the document says; 503 when no worker has started it in time
   */
  async create(
    tenant: Tenant,
    body: PipecatSessionCreate,
    { key, origin, ...wait }: { key: string | null; origin: Origin } & Omit<LongPoll, 'waitSeconds'>,
  ): Promise<CreatedResponse> {
    const { database, cipher } = this.#deps;
    const mediaToken = `mt_${randomBytes(32).toString('base64url')}`;
    const request = { tenant, key, content: { pipecatSession: body }, cipher };
    const created = await this.#queue(request, body, { mediaToken, origin });
    if (created.status === 201) return created;
    const id = created.body;
    try {
      const mediaUrl = await this.#waitForStart(request, id, wait);
      // The client disconnected just after the start.
      if (wait.signal.aborted) throw over(id);
      const session = await getSession(database, tenant, id);
      const response: CreatedResponse = {
        status: 201,
        headers: { Location: linkTo('sessions.get', { session_id: id }) },
        body: {
          object: 'pipecat.session',
          session: sessionResource(session),
          relay: relayOf(mediaUrl, id, mediaToken),
        },
      };
      await finishResponse(database, request, id, response);
      return response;
    } catch (error) {
      // Its client will not know of it.
      await endSession(this.#deps, tenant, id);
      await forgetUnfinished(database, request, id);
      throw error;
    }
  }

  /**
   * Queues a session. Returns the response that is stored under the idempotency key, or the id of the queued session as an
   * unfinished one.
   */
  async #queue(
    request: IdempotentRequest,
    body: PipecatSessionCreate,
    { mediaToken, origin }: { mediaToken: string; origin: Origin },
  ): Promise<CreatedResponse | UnfinishedResponse> {
    const { database, notifier } = this.#deps;
    const { tenant } = request;
    validatePipecatCreate(tenant, body);
    return retryOutdated(() =>
      idempotently<CreatedResponse | UnfinishedResponse>(database, request, async (tx, storeEarly) => {
        const key = { participantSlotHash: null, avatarId: body.avatar_id };
        const state = await readCreateState(tx, tenant, key);
        const avatar = requireReady(state.avatar, body.avatar_id);
        const session = newSession(this.#deps, tenant, body, mediaToken, {
          allowance: requireAllowance(state.account, tenant, body),
          origin,
          ...NO_ROOM,
          runtimeType: mediaRuntimeTypeFor(avatar),
        });
        const { id } = await queueSession(tx, notifier, session, (record) =>
          storeEarly(unfinished(record.id)),
        );
        return unfinished(id);
      }),
    );
  }

  /** Returns the base address of the worker that has started a session. */
  async #waitForStart(
    request: IdempotentRequest,
    id: string,
    { signal, withoutCapacity }: Omit<LongPoll, 'waitSeconds'>,
  ): Promise<string> {
    const { database, config, waitingReports } = this.#deps;
    const seconds = createWaitSeconds(config);
    const until = performance.now() + seconds * 1000;
    const subscription: Subscription = waitingReports.subscribe((message) => message === dequeuedMessage(id));
    try {
      for (;;) {
        const host = await findMediaHost(database, id);
        if (host?.mediaUrl != null && host.status !== 'queued') return host.mediaUrl;
        if (host === null) throw over(id);
        const left = until - performance.now();
        const isStopping = waitingReports.isClosed;
        if (left <= 0 || isStopping || signal.aborted) {
          const transition = signal.aborted ? TRANSITIONS.abandon : TRANSITIONS.cancelUnclaimed;
          // Otherwise it has left the queue since it was read.
          if (!(await this.#cancel(request, id, transition))) continue;
          throw isStopping ? stopping() : noWorker(seconds);
        }
        await withoutCapacity(() => subscription.wait(Math.min(left, POLL_INTERVAL_MS), signal));
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  /** Cancels a session that is still queued, and releases its idempotency key. Returns false when it is not queued. */
  async #cancel(request: IdempotentRequest, id: string, transition: Transition): Promise<boolean> {
    const { database, transitions } = this.#deps;
    return database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id, { tenant: request.tenant });
      if (assignment?.status !== 'queued') return false;
      await forgetUnfinished(tx, request, id);
      await transitions.commit(tx, transitions.apply(liveSession(assignment), transition));
      return true;
    });
  }
}

/** Returns the error for a session that its customer or a failure ended before the response. */
function over(sessionId: string): ApiError {
  return new ApiError('at_capacity', {
    situation: 'over',
    values: { session_id: sessionId, seconds: RETRY_AFTER_SECONDS },
  });
}

function noWorker(limit: number): ApiError {
  return new ApiError('at_capacity', {
    situation: 'no_worker',
    values: { limit, seconds: RETRY_AFTER_SECONDS },
  });
}

function stopping(): ApiError {
  return new ApiError('draining', {
    situation: 'canceled',
    values: { seconds: RETRY_AFTER_SECONDS },
  });
}

function relayOf(baseUrl: string, sessionId: string, mediaToken: string): PipecatSession['relay'] {
  return {
    type: 'websocket',
    protocol: mediaProtocol,
    media_url: baseUrl + mediaPath.replace('{session_id}', sessionId),
    media_token: mediaToken,
    audio_sample_rate: 16_000,
    video_encoding: 'jpeg',
    decoded_video_format: 'RGB',
    supports_audio_output: true,
  };
}
