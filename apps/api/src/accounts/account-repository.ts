import { Prisma, type Database, type Transaction } from '@greenroom/database';

import type { Tenant } from '../common/tenant.ts';

/** The limits of a tenant, and how much of them its live sessions use. */
export interface Account {
  planId: string;
  concurrentSessions: number;
  maxSessionSeconds: number;
  activeSessions: number;
  creditsBalance: number;
  creditsReserved: number;
}

export async function findAccount({ prisma }: Database, tenant: Tenant): Promise<Account> {
  return only(await prisma.$queryRaw<Account[]>(selectAccount(tenant)), tenant);
}

/** Reads the account and locks it, so that creates of the same tenant take turns until the transaction ends. */
export async function lockAccount(tx: Transaction, tenant: Tenant): Promise<Account> {
  return only(await tx.$queryRaw<Account[]>`${selectAccount(tenant)} FOR UPDATE OF a`, tenant);
}

function selectAccount({ orgId, mode }: Tenant): Prisma.Sql {
  return Prisma.sql`
    SELECT o.plan_id AS "planId",
           coalesce(o.concurrent_sessions, p.concurrent_sessions) AS "concurrentSessions",
           coalesce(o.max_session_seconds, p.max_session_seconds) AS "maxSessionSeconds",
           a.active_sessions AS "activeSessions",
           a.credits_balance::float8 AS "creditsBalance",
           a.credits_reserved::float8 AS "creditsReserved"
      FROM accounts a JOIN orgs o ON o.id = a.org_id JOIN plans p ON p.id = o.plan_id
     WHERE a.org_id = ${orgId} AND a.mode = ${mode}::mode`;
}

function only([account]: Account[], { orgId, mode }: Tenant): Account {
  if (account === undefined) throw new Error(`Organisation ${orgId} has no ${mode} account`);
  return account;
}

/** Reserves a slot and credits for a new session. */
export async function reserveSlot(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { activeSessions: { increment: 1 }, creditsReserved: { increment: credits } },
  });
}

/** Releases the slot of a session that became terminal, and the credits that it still reserved. */
export async function releaseSlot(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { activeSessions: { decrement: 1 }, creditsReserved: { decrement: credits } },
  });
}

/** Debits credits that a session had reserved. */
export async function debitCredits(tx: Transaction, { orgId, mode }: Tenant, credits: number): Promise<void> {
  await tx.account.update({
    where: { orgId_mode: { orgId, mode } },
    data: { creditsBalance: { decrement: credits }, creditsReserved: { decrement: credits } },
  });
}
