import { Prisma, type Database } from '@greenroom/database';

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
 * duration. Concurrent reservations wait for each other, and each checks the remainder of the one before it.
 */
export function reserveSlot(
  { orgId, mode }: Tenant,
  { credits, maxDurationSeconds }: { credits: number; maxDurationSeconds: number },
): Prisma.Sql {
  return Prisma.sql`
    UPDATE accounts AS account
       SET active_sessions = account.active_sessions + 1,
           credits_reserved = account.credits_reserved + ${credits}::numeric
      FROM orgs AS org JOIN plans AS plan ON plan.id = org.plan_id
     WHERE account.org_id = ${orgId} AND account.mode = ${mode} AND org.id = account.org_id
       AND account.active_sessions < coalesce(org.concurrent_sessions, plan.concurrent_sessions)
       AND account.credits_balance - account.credits_reserved >= ${credits}::numeric
       AND ${maxDurationSeconds}::int <= coalesce(org.max_session_seconds, plan.max_session_seconds)`;
}

/** The slots and credits that a session releases, and its cost. */
export interface Settlement {
  slots: number;
  /** Reserved credits to release; spent ones are among them. */
  creditsReserved: number;
  /** Credits to debit. */
  credits: number;
}

/** Returns the statement that settles with an account if the common table expression `source` has a row. */
export function settleAccount(
  { orgId, mode }: Tenant,
  source: Prisma.Sql,
  { slots, creditsReserved, credits }: Settlement,
): Prisma.Sql {
  return Prisma.sql`
    UPDATE accounts
       SET active_sessions = active_sessions - ${slots}::int,
           credits_reserved = accounts.credits_reserved - ${creditsReserved}::numeric,
           credits_balance = credits_balance - ${credits}::numeric
      FROM ${source} WHERE accounts.org_id = ${orgId} AND accounts.mode = ${mode}`;
}
