import type { components } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { currentTime, currentTimeMs } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import { ConcurrencyByKey } from '../dispatch/concurrency-by-key.ts';
import { queueName, type DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import type { LongPoll, WaitList } from '../dispatch/wait-list.ts';
import { moves } from '../sessions/lifecycle.ts';
import { sessionResource } from '../sessions/session-record.ts';
import { lockSession } from '../sessions/session-repository.ts';
import type { SessionTransitions } from '../sessions/session-transitions.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';
import { claimNext, releaseClaim, type Claimant, type ClaimedSession } from './assignment-repository.ts';

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
  async claim(claimant: Claimant, { waitSeconds, signal, idle }: LongPoll): Promise<Assignment | null> {
    const { waitingClaims } = this.#deps;
    const until = performance.now() + waitSeconds * 1000;
    const { runtimeType, qualities } = claimant;
    const suitable = new Set(qualities.map((quality) => queueName({ runtimeType, quality })));
    const subscription = waitingClaims.subscribe((queue) => suitable.has(queue));
    try {
      for (;;) {
        const assignment = await this.#turns.run(claimant.workerId, () => this.#next(claimant, signal));
        if (assignment !== null) return assignment;
        const left = until - performance.now();
        if (left <= 0 || signal.aborted || waitingClaims.isClosed) return null;
        await idle(() => subscription.wait(Math.min(left, POLL_INTERVAL_MS), signal));
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  async #next(claimant: Claimant, signal: AbortSignal): Promise<Assignment | null> {
    const { database, config, cipher } = this.#deps;
    const session = await claimNext(database, claimant, config.leaseSeconds);
    if (session === null) return null;
    if (signal.aborted) {
      await this.#release(session, claimant);
      return null;
    }
    if (tokenHasExpired(session)) {
      await this.#expire(session);
      return this.#next(claimant, signal);
    }
    const token = cipher.open(session.workerTokenEncrypted, session.id);
    return assignmentResource(session, token, config);
  }

  async #release(session: ClaimedSession, { runtimeType }: Claimant): Promise<void> {
    const { database, notifier } = this.#deps;
    await database.transaction(async (tx) => {
      if (await releaseClaim(tx, session)) notifier.sessionQueued(tx, { ...session, runtimeType });
    });
  }

  async #expire({ orgId, mode, id }: ClaimedSession): Promise<void> {
    const { database, transitions } = this.#deps;
    await database.transaction(async (tx) => {
      const session = await lockSession(tx, { orgId, mode }, id);
      if (session !== null) await transitions.apply(tx, session, moves.expireToken);
    });
  }
}

function tokenHasExpired({ workerTokenExpiresAt }: ClaimedSession): boolean {
  return workerTokenExpiresAt !== null && workerTokenExpiresAt.getTime() <= currentTimeMs();
}

function assignmentResource(
  session: ClaimedSession,
  workerToken: string,
  { leaseSeconds, reportIntervalSeconds }: DispatchConfig,
): Assignment {
  return {
    object: 'assignment',
    session: sessionResource(session),
    worker_token: workerToken,
    fence: session.fence,
    lease_seconds: leaseSeconds,
    report_interval_seconds: reportIntervalSeconds,
    assigned_at: currentTime().toISOString(),
  };
}
