import { Prisma, type Transaction } from '@greenroom/database';

import { settlementExpressions } from '../accounts/account-repository.ts';
import { billableSeconds, type Charge } from '../usage/billing.ts';
import { chargeExpressions } from '../usage/usage-repository.ts';
import { deleteStatement, updateStatement } from './assignment-repository.ts';
import { isTerminal } from './lifecycle.ts';
import { billSession, type LiveSession } from './live-session.ts';
import { eventExpressions } from './session-event-repository.ts';
import { SESSION_COLUMNS, type SessionRecord } from './session-record.ts';

/** Stores a live session with its events, its bill and its account. Its assignment must be locked. */
export async function saveLiveSession(tx: Transaction, session: LiveSession): Promise<void> {
  await Promise.all(statementsOf(session).map((statement) => tx.query(statement)));
}

/**
 * Stores a live session as `saveLiveSession` does, and commits. Sends all at once, so that the account is locked for a
 * short time. Returns the record if it changed.
 */
export async function commitLiveSession(
  tx: Transaction,
  session: LiveSession,
): Promise<SessionRecord | null> {
  const [, records] = await tx.commit<SessionRecord>(...statementsOf(session));
  return records?.[0] ?? null;
}

function statementsOf(changed: LiveSession): Prisma.Sql[] {
  const { session, charge } = billSession(changed);
  return [
    isTerminal(session.status) ? deleteStatement(session) : updateStatement(session),
    ...(changesRecord(session) || charge !== null ? [recordStatement(session, charge)] : []),
  ];
}

/** A session can be ending before the report of its first frame arrives. */
function changesRecord({ applied, firstFrameAt, locked }: LiveSession): boolean {
  return applied.length > 0 || firstFrameAt !== locked.firstFrameAt;
}

/**
 * Returns the statement that records the transitions of a live session with their events, bills it, and settles with the
 * account. It returns the record if that changes. The assignment must be locked.
 *
 * @param charge as `billSession` returned it with the session
 */
function recordStatement(session: LiveSession, charge: Charge | null): Prisma.Sql {
  const { locked, applied } = session;
  const isOver = isTerminal(session.status);
  const isChanged = changesRecord(session);
  const source = isChanged ? Prisma.sql`changed` : Prisma.sql`unchanged`;
  const expressions = [
    isChanged ? changedExpression(session) : Prisma.sql`unchanged AS (SELECT 1 AS one)`,
    ...(charge === null
      ? []
      : [chargeExpressions({ ...session, billedSeconds: locked.billedSeconds }, charge, source)]),
  ];
  // A transition has events, and their sequences come from the account.
  if (applied.length > 0 || charge !== null) {
    const settlement = {
      slots: isOver ? 1 : 0,
      creditsReserved: locked.creditsReserved - (isOver ? 0 : session.creditsReserved),
      credits: charge?.credits ?? 0,
      events: applied.length,
    };
    expressions.push(settlementExpressions(session, source, settlement));
  }
  if (applied.length > 0) expressions.push(eventExpressions(session, applied, source));
  const result = isChanged
    ? Prisma.sql`SELECT ${Prisma.raw(SESSION_COLUMNS)} FROM changed`
    : Prisma.sql`SELECT 1 WHERE false`;
  return Prisma.sql`WITH ${Prisma.join(expressions, ', ')} ${result}`;
}

function changedExpression(session: LiveSession): Prisma.Sql {
  const { orgId, mode, id, status, startedAt, firstFrameAt, overAt, failure, frames, applied, fence } =
    session;
  const isOver = isTerminal(status);
  const hasFailed = status === 'failed';
  return Prisma.sql`
    changed AS (
      UPDATE sessions
         SET status = ${status}, transitions = transitions + ${applied.length}::int, started_at = ${startedAt},
             first_frame_at = ${firstFrameAt}, ended_at = ${hasFailed ? null : overAt},
             failed_at = ${hasFailed ? overAt : null}, failure_code = ${failure?.code},
             failure_message = ${failure?.message}, frames = ${frames}, billable_seconds = ${billableSeconds(session)},
             -- The hashes of secrets are erased with the assignment.
             worker_token_hash = CASE WHEN ${isOver}::boolean THEN NULL ELSE worker_token_hash END,
             replaced_token_hashes = CASE WHEN ${isOver}::boolean THEN '{}' ELSE replaced_token_hashes END,
             final_fence = ${isOver ? fence : null}
       WHERE org_id = ${orgId} AND mode = ${mode} AND id = ${id}
      RETURNING *
    )`;
}
