import { Prisma, type Database } from '@greenroom/database';

import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/** The limits of a tenant, and how much of them its live sessions use. */
export interface Account {
  planId: string;
  concurrentSessions: number;
  maxSessionSeconds: number;
  activeSessions: number;
  creditsBalance: number;
  creditsReserved: number;
  /** The balance minus the reserved credits, subtracted as decimals to avoid rounding errors. */
  creditsAvailable: number;
}

/** The columns of an `Account`, as SQL, and the tables that they come from. */
export const ACCOUNT_COLUMNS = `
  org.plan_id AS "planId",
  coalesce(org.concurrent_sessions, plan.concurrent_sessions) AS "concurrentSessions",
  coalesce(org.max_session_seconds, plan.max_session_seconds) AS "maxSessionSeconds",
  account.active_sessions AS "activeSessions",
  account.credits_balance::float8 AS "creditsBalance",
  account.credits_reserved::float8 AS "creditsReserved",
  (account.credits_balance - account.credits_reserved)::float8 AS "creditsAvailable"`;
export const ACCOUNT_TABLES = `
  accounts AS account JOIN orgs AS org ON org.id = account.org_id JOIN plans AS plan ON plan.id = org.plan_id`;

export async function findAccount({ pool }: Database, tenant: Tenant): Promise<Account> {
  const { rows } = await pool.query<Account>({
    name: 'find-account',
    text: `SELECT ${ACCOUNT_COLUMNS} FROM ${ACCOUNT_TABLES} WHERE account.org_id = $1 AND account.mode = $2`,
    values: [tenant.orgId, tenant.mode],
  });
  const [account] = rows;
  if (account === undefined) throw noAccount(tenant);
  return account;
}

export function noAccount({ orgId, mode }: Tenant): Error {
  return new Error(`Organisation ${orgId} has no ${mode} account`);
}

/**
 * Returns the statement that reserves a slot and credits for a session, if the account has both and its plan allows the
 * duration. Concurrent reservations wait for each other, and each checks the remainder of the one before it. Takes the
 * sequence of one event.
 */
export function reserveSlotStatement(
  { orgId, mode }: Tenant,
  { credits, maxDurationSeconds }: { credits: number; maxDurationSeconds: number },
): Prisma.Sql {
  return Prisma.sql`
    UPDATE accounts AS account
       SET active_sessions = account.active_sessions + 1,
           credits_reserved = account.credits_reserved + ${credits}::numeric,
           event_sequence = account.event_sequence + 1
      FROM orgs AS org JOIN plans AS plan ON plan.id = org.plan_id
     WHERE account.org_id = ${orgId} AND account.mode = ${mode} AND org.id = account.org_id
       AND account.active_sessions < coalesce(org.concurrent_sessions, plan.concurrent_sessions)
       AND account.credits_balance - account.credits_reserved >= ${credits}::numeric
       AND ${maxDurationSeconds}::int <= coalesce(org.max_session_seconds, plan.max_session_seconds)`;
}

/** The slots and credits that a session releases, its cost, and its events. */
export interface Settlement {
  slots: number;
  /** Reserved credits to release, including the credits to debit. */
  creditsReserved: number;
  /** Credits to debit. */
  credits: number;
  /** The number of events whose sequences it takes. The last of them is in the result. */
  events: number;
}

/** The part of its plan's credits below which a balance is low, by which `credits.low` happens. */
const LOW_CREDITS_SHARE = 0.1;

/**
 * Returns common table expressions that settle with an account if the expression `source` has a row. The one called
 * `account` has the organisation and the sequence of its last event.
 *
 * A balance that becomes low adds an event, before the others. A balance falls only here, and only a grant raises it, so
 * each fall below the threshold has one event. Reservations do not count, because most of them are released again.
 */
export function settlementExpressions(
  { orgId, mode }: Tenant,
  source: Prisma.Sql,
  { slots, creditsReserved, credits, events }: Settlement,
): Prisma.Sql {
  const settled = Prisma.sql`
           active_sessions = account.active_sessions - ${slots}::int,
           credits_reserved = account.credits_reserved - ${creditsReserved}::numeric,
           credits_balance = account.credits_balance - ${credits}::numeric`;
  if (credits === 0) {
    return Prisma.sql`
    account AS (
      UPDATE accounts AS account
         SET ${settled}, event_sequence = account.event_sequence + ${events}::int
        FROM ${source} WHERE account.org_id = ${orgId} AND account.mode = ${mode}
      RETURNING account.org_id, account.event_sequence
    )`;
  }
  const threshold = Prisma.sql`plan.included_credits * ${LOW_CREDITS_SHARE}::numeric`;
  return Prisma.sql`
    account AS (
      UPDATE accounts AS account
         SET ${settled},
             event_sequence = account.event_sequence + ${events}::int + (
               account.credits_balance >= ${threshold} AND account.credits_balance - ${credits}::numeric < ${threshold})::int
        FROM ${source}, orgs AS org JOIN plans AS plan ON plan.id = org.plan_id
       WHERE account.org_id = ${orgId} AND account.mode = ${mode} AND org.id = account.org_id
      RETURNING account.org_id, account.event_sequence, account.credits_balance, account.credits_reserved,
                ${threshold} AS threshold
    ), low_event AS (
      INSERT INTO events (org_id, mode, id, sequence, type, data)
      SELECT ${orgId}, ${mode}, ${newId('evt')}, event_sequence - ${events}::int, 'credits.low',
             jsonb_build_object(
               'object', 'credits', 'balance', credits_balance, 'reserved', credits_reserved,
               'available', credits_balance - credits_reserved, 'threshold', threshold)
        FROM account
       WHERE org_id = ${orgId} AND credits_balance < threshold AND credits_balance + ${credits}::numeric >= threshold
    )`;
}
