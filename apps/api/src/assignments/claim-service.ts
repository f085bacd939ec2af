import type { components } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import { ConcurrencyByKey } from '../dispatch/concurrency-by-key.ts';
import { moves } from '../sessions/lifecycle.ts';
import { lockSession } from '../sessions/session-repository.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';
import { assignmentResource } from './assignment-resource.ts';
import { assignNext, releaseClaim, type Claimant, type ClaimedSession } from './assignment-repository.ts';
import { queueName, type DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import type { LongPoll, WaitList } from '../dispatch/wait-list.ts';

/** Limits the delay of a session whose notification was lost. */
const POLL_INTERVAL_MS = 5_000;

type Assignment = components['schemas']['Assignment'];

/** Hands queued sessions to workers. */
export class ClaimService {
  readonly #database: Database;
  readonly #config: DispatchConfig;
  readonly #cipher: TokenCipher;
  readonly #transitions: SessionTransitions;
  readonly #notifier: DispatchNotifier;
  readonly #waitingClaims: WaitList;
  /** One at a time, so that each counts the slots that the other has filled. */
  readonly #turns = new ConcurrencyByKey(1);

  constructor(
    database: Database,
    config: DispatchConfig,
    cipher: TokenCipher,
    transitions: SessionTransitions,
    notifier: DispatchNotifier,
    waitingClaims: WaitList,
  ) {
    this.#database = database;
    this.#config = config;
    this.#cipher = cipher;
    this.#transitions = transitions;
    this.#notifier = notifier;
    this.#waitingClaims = waitingClaims;
  }

  /** Waits for a session that the worker can perform; null when none came in time. */
  async claim(claimant: Claimant, { waitSeconds, signal, idle }: LongPoll): Promise<Assignment | null> {
    const until = performance.now() + waitSeconds * 1000;
    const { runtimeType, qualities } = claimant;
    const suitable = new Set(qualities.map((quality) => queueName({ runtimeType, quality })));
    const subscription = this.#waitingClaims.subscribe((queued) => suitable.has(queued));
    try {
      for (;;) {
        const assignment = await this.#turns.run(claimant.workerId, () => this.#next(claimant, signal));
        if (assignment !== null) return assignment;
        const left = until - performance.now();
        if (left <= 0 || signal.aborted || this.#waitingClaims.isClosed) return null;
        await idle(() => subscription.wait(Math.min(left, POLL_INTERVAL_MS), signal));
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  async #next(claimant: Claimant, signal: AbortSignal): Promise<Assignment | null> {
    const session = await assignNext(this.#database, claimant, this.#config.leaseSeconds);
    if (session === null) return null;
    if (signal.aborted) {
      await this.#release(session, claimant);
      return null;
    }
    if (hasExpired(session)) {
      await this.#expire(session);
      return this.#next(claimant, signal);
    }
    const token = this.#cipher.open(session.workerTokenEncrypted, session.id);
    return assignmentResource(session, token, this.#config);
  }

  async #release(session: ClaimedSession, { runtimeType }: Claimant): Promise<void> {
    await this.#database.transaction(async (tx) => {
      if (await releaseClaim(tx, session)) this.#notifier.sessionQueued(tx, { ...session, runtimeType });
    });
  }

  /** No room would let the worker in with this token: it need not try. */
  async #expire({ orgId, mode, id }: ClaimedSession): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const session = await lockSession(tx, { orgId, mode }, id);
      if (session !== null) await this.#transitions.apply(tx, session, moves.expireToken);
    });
  }
}

function hasExpired({ workerTokenExpiresAt }: ClaimedSession): boolean {
  return workerTokenExpiresAt !== null && workerTokenExpiresAt.getTime() <= currentTimeMs();
}
