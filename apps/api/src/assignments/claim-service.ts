import type { components } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import type { Tracing } from '@greenroom/tracing';

import { currentTime, currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import { createdAt } from '../common/ids.ts';
import { ConcurrencyByKey } from '../dispatch/concurrency-by-key.ts';
import { queueName, type DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { isOverWebSocket } from '../dispatch/runtime-type.ts';
import type { LongPoll, WaitList } from '../dispatch/wait-list.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { lockAssignment } from '../sessions/assignment-repository.ts';
import { TRANSITIONS } from '../sessions/lifecycle.ts';
import { liveSession } from '../sessions/live-session.ts';
import { sessionResource } from '../sessions/session-record.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';
import {
  claimNext,
  releaseClaim,
  type Claimant,
  type Claimed,
  type ClaimedSession,
} from './claim-repository.ts';

/** Limits the delay of a session whose notification was lost. */
const POLL_INTERVAL_MS = 5_000;

type Assignment = components['schemas']['Assignment'];

interface Dependencies {
  database: Database;
  config: DispatchConfig;
  cipher: TokenCipher;
  transitions: SessionTransitions;
  notifier: DispatchNotifier;
  waitingClaims: WaitList;
  /** Null collects none. */
  metrics: Metrics | null;
  /** Null disables tracing. */
  tracing: Tracing | null;
}

/** Assigns queued sessions to workers. */
export class ClaimService {
  readonly #deps: Dependencies;
  /** One claim of a worker at a time, so that each counts the slots that the previous one filled. */
  readonly #turns = new ConcurrencyByKey(1);

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Waits for a session that the worker can perform. Returns null when there was none in time. */
  async claim(
    claimant: Claimant,
    { waitSeconds, signal, withoutCapacity }: LongPoll,
  ): Promise<Assignment | null> {
    const { waitingClaims } = this.#deps;
    const until = performance.now() + waitSeconds * 1000;
    const { runtimeTypes, qualities } = claimant;
    const suitable = new Set(
      runtimeTypes.flatMap((runtimeType) => qualities.map((quality) => queueName({ runtimeType, quality }))),
    );
    const subscription = waitingClaims.subscribe((queue) => suitable.has(queue));
    try {
      for (;;) {
        const assignment = await this.#turns.run(claimant.workerId, () => this.#next(claimant, signal));
        if (assignment !== null) return assignment;
        const left = until - performance.now();
        if (left <= 0 || signal.aborted || waitingClaims.isClosed) return null;
        await withoutCapacity(() => subscription.wait(Math.min(left, POLL_INTERVAL_MS), signal));
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  async #next(claimant: Claimant, signal: AbortSignal): Promise<Assignment | null> {
    const { database, config, cipher, metrics } = this.#deps;
    const startedAt = new Date();
    const claimed = await claimNext(database, claimant, config.leaseSeconds);
    if (claimed === null) return null;
    metrics?.sessionClaimed(claimed);
    if (signal.aborted) {
      await this.#release(claimed);
      return null;
    }
    if (tokenHasExpired(claimed)) {
      await this.#expire(claimed);
      return this.#next(claimant, signal);
    }
    const token = cipher.open(claimed.workerTokenEncrypted, claimed.id);
    this.#trace(claimed, claimant, startedAt);
    return assignmentResource(claimed, token, config);
  }

  /** Adds the wait in the queue and the claim to the trace of the request that created the session. */
  #trace(claimed: Claimed, { workerId }: Claimant, startedAt: Date): void {
    const { tracing } = this.#deps;
    const { id, fence, traceparent, runtimeType } = claimed;
    if (tracing === null || traceparent === null) return;
    const attributes = {
      'greenroom.session.id': id,
      'greenroom.worker.id': workerId,
      'greenroom.runtime': runtimeType,
      'greenroom.fence': fence,
    };
    const shared = { parent: { traceparent }, attributes };
    // The start of a later wait, after the loss of a worker, is unknown.
    if (fence === 1) {
      // The id has the time of the database's clock.
      const queuedAt = new Date(Math.min(createdAt(id).getTime(), startedAt.getTime()));
      tracing.startSpan('session.queue', { ...shared, startedAt: queuedAt }).end(startedAt);
    }
    tracing.startSpan('workers.claim', { ...shared, kind: 'consumer', startedAt }).end();
  }

  async #release(claimed: Claimed): Promise<void> {
    const { database, notifier } = this.#deps;
    await database.transaction(async (tx) => {
      if (await releaseClaim(tx, claimed)) notifier.sessionQueued(tx, claimed);
    });
  }

  async #expire({ id, fence }: Claimed): Promise<void> {
    const { database, transitions } = this.#deps;
    await database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id);
      if (assignment?.fence !== fence || assignment.status !== 'queued') return;
      await transitions.commit(tx, transitions.apply(liveSession(assignment), TRANSITIONS.expireToken));
    });
  }
}

function tokenHasExpired({ workerTokenExpiresAt }: Claimed): boolean {
  return workerTokenExpiresAt !== null && workerTokenExpiresAt.getTime() <= currentTimeMs();
}

function assignmentResource(
  { session, landmarks, runtimeType, fence, requestId, traceparent }: ClaimedSession,
  token: string,
  { leaseSeconds, reportIntervalSeconds }: DispatchConfig,
): Assignment {
  const isForClient = isOverWebSocket({ runtimeType });
  return {
    object: 'assignment',
    session: sessionResource(session),
    portrait_landmarks: landmarks,
    worker_token: isForClient ? null : token,
    media_token: isForClient ? token : null,
    fence,
    lease_seconds: leaseSeconds,
    report_interval_seconds: reportIntervalSeconds,
    assigned_at: currentTime().toISOString(),
    created_by_request: requestId,
    traceparent,
  };
}
