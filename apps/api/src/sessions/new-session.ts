import type { Transaction } from '@greenroom/database';

import type { Account } from '../accounts/account-repository.ts';
import type { SessionConfig } from '../common/config.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { ApiError } from '../errors/api-error.ts';
import type { StoreStatement } from '../idempotency/idempotency-repository.ts';
import { creditsFor } from '../usage/credits.ts';
import { insertSession, type NewSession, type SessionTransport } from './create-repository.ts';
import type { SessionCreate } from './create-validation.ts';
import { queueDeadline } from './deadlines.ts';
import { TRANSITIONS } from './lifecycle.ts';
import { OutdatedError } from './retry-outdated.ts';
import type { SessionRecord } from './session-record.ts';
import type { TokenCipher } from './token-cipher.ts';

/** The request that creates a session. */
export type Origin = Pick<NewSession, 'requestId' | 'traceparent'>;

/** The duration and the credits that a session may use, within its account's limits. */
export interface Allowance {
  maxDurationSeconds: number;
  credits: number;
}

/** The columns of a new session that its transport decides. */
export type TransportColumns = SessionTransport & Pick<NewSession, 'runtimeType' | 'workerTokenExpiresAt'>;

/**
 * Returns the duration and the credits of a new session.
 *
 * @throws {ApiError} 429 when the tenant has too many live sessions, 402 when it has too few credits
 */
export function requireAllowance(
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

/**
 * Returns a session to queue.
 *
 * @param token the credential of the worker, or of the client of a session over a WebSocket
 */
export function newSession(
  { config, cipher }: { config: SessionConfig; cipher: TokenCipher },
  { orgId, mode }: Tenant,
  body: Pick<SessionCreate, 'avatar_id' | 'quality' | 'idle_timeout_seconds' | 'metadata'>,
  token: string,
  { allowance, origin, ...transport }: { allowance: Allowance; origin: Origin } & TransportColumns,
): NewSession {
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

/**
 * Inserts a session, commits, and notifies workers.
 *
 * @param storeEarly returns the statement that stores the response for the session
 * @throws {OutdatedError} when the account or the idempotency key has changed since it was read
 */
export async function queueSession(
  tx: Transaction,
  notifier: DispatchNotifier,
  session: NewSession,
  storeEarly: (session: SessionRecord) => StoreStatement | null,
): Promise<SessionRecord> {
  const record = recordOf(session);
  if (!(await insertSession(tx, session, TRANSITIONS.enqueue, storeEarly(record)))) {
    throw new OutdatedError();
  }
  notifier.sessionQueued(tx, session);
  notifier.eventsAppended(tx, session);
  return record;
}

function recordOf(session: NewSession): SessionRecord {
  return {
    ...session,
    status: TRANSITIONS.enqueue.to,
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
