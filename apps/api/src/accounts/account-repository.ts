import type { Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** What a tenant may use and what it uses now. */
export interface Account {
  planId: string;
  concurrentSessions: number;
  maxSessionSeconds: number;
  activeSessions: number;
  creditsBalance: number;
  creditsReserved: number;
}

const ACCOUNT = `
  SELECT o.plan_id AS "planId",
         coalesce(o.concurrent_sessions, p.concurrent_sessions) AS "concurrentSessions",
         coalesce(o.max_session_seconds, p.max_session_seconds) AS "maxSessionSeconds",
         a.active_sessions AS "activeSessions",
         a.credits_balance::float8 AS "creditsBalance",
         a.credits_reserved::float8 AS "creditsReserved"
    FROM accounts a JOIN orgs o ON o.id = a.org_id JOIN plans p ON p.id = o.plan_id
   WHERE a.org_id = $1 AND a.mode = $2::mode`;

type Queryable = Pick<Transaction, '$queryRawUnsafe'>;

export async function findAccount(queryable: Queryable, tenant: Tenant): Promise<Account> {
  return account(await queryable.$queryRawUnsafe<Account[]>(ACCOUNT, tenant.orgId, tenant.mode), tenant);
}

/** Reads the account and makes the tenant's other creates wait their turn until the transaction ends. */
export async function lockAccount(tx: Queryable, tenant: Tenant): Promise<Account> {
  return account(
    await tx.$queryRawUnsafe<Account[]>(`${ACCOUNT} FOR UPDATE OF a`, tenant.orgId, tenant.mode),
    tenant,
  );
}

function account(rows: Account[], { orgId, mode }: Tenant): Account {
  const row = rows[0];
  if (row === undefined) throw new Error(`Organisation ${orgId} has no ${mode} account`);
  return row;
}

/** One more session is live and holds these credits. */
export async function occupy(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { activeSessions: { increment: 1 }, creditsReserved: { increment: credits } },
  });
}

/** A session became terminal: its slot and what it still held are free. */
export async function vacate(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { activeSessions: { decrement: 1 }, creditsReserved: { decrement: credits } },
  });
}

/** Credits were spent out of what a session had reserved. */
export async function spend(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { creditsBalance: { decrement: credits }, creditsReserved: { decrement: credits } },
  });
}
