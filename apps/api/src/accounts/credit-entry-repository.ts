import { Prisma, type Database, type Transaction } from '@greenroom/database';

import { auditStatement, type Actor } from '../audit/audit-repository.ts';
import { currentTime } from '../common/clock.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/** A change of a balance other than by usage. */
export interface CreditEntry {
  id: string;
  kind: 'grant' | 'debit' | 'adjustment';
  credits: number;
  reason: string;
  /** Null, or a name under which an account has one entry. */
  reference: string | null;
  at: Date;
}

export type Grant = Pick<CreditEntry, 'credits' | 'reason' | 'reference'>;

/** A grant with the balance after it. */
export interface Granted {
  entry: CreditEntry;
  balance: number;
  /** Whether `entry` is an earlier grant with the same reference, so that nothing has changed. */
  isRepeated: boolean;
}

/**
 * Grants credits, once for a reference.
 *
 * @returns null when the tenant has no account
 */
export async function grantCredits(
  database: Database,
  tenant: Tenant,
  grant: Grant,
  actor: Actor,
): Promise<Granted | null> {
  return database.transaction(async (tx) => {
    const granted = await addGrant(tx, tenant, grant);
    if (granted === null) return grant.reference === null ? null : findGranted(tx, tenant, grant.reference);
    const { orgId, mode } = tenant;
    const { entry } = granted;
    const { credits, reason, reference } = entry;
    const details = { mode, credits, reason, reference };
    await tx.commit(auditStatement(actor, { orgId, action: 'credits.grant', objectId: entry.id, details }));
    return granted;
  });
}

/**
 * Adds a grant to the balance in a transaction.
 *
 * @returns null when the tenant has no account or has an entry with the reference; nothing has changed then
 */
export async function addGrant(
  tx: Transaction,
  { orgId, mode }: Tenant,
  { credits, reason, reference }: Grant,
): Promise<Granted | null> {
  const entry: CreditEntry = {
    ...{ id: newId('crd'), kind: 'grant', credits, reason, reference },
    at: currentTime(),
  };
  const [granted] = await tx.query<{ balance: number }>(Prisma.sql`
    WITH entry AS (
      INSERT INTO credit_entries (org_id, mode, id, kind, credits, reason, reference, at)
      SELECT ${orgId}, ${mode}, ${entry.id}, ${entry.kind}, ${credits}::numeric, ${reason}, ${reference},
             ${entry.at}::timestamptz
        FROM accounts WHERE org_id = ${orgId} AND mode = ${mode}
      ON CONFLICT (org_id, mode, reference) DO NOTHING
      RETURNING org_id, credits
    )
    UPDATE accounts SET credits_balance = credits_balance + entry.credits FROM entry
     WHERE accounts.org_id = ${orgId} AND accounts.mode = ${mode} AND entry.org_id = ${orgId}
    RETURNING credits_balance::float8 AS balance`);
  return granted === undefined ? null : { entry, balance: granted.balance, isRepeated: false };
}

const COLUMNS = Prisma.raw(`id, kind, credits::float8 AS credits, reason, reference, at`);

async function findGranted(
  tx: Transaction,
  { orgId, mode }: Tenant,
  reference: string,
): Promise<Granted | null> {
  const [[entry], [account]] = await Promise.all([
    tx.query<CreditEntry>(Prisma.sql`
      SELECT ${COLUMNS} FROM credit_entries
       WHERE org_id = ${orgId} AND mode = ${mode} AND reference = ${reference}`),
    tx.query<{ balance: number }>(Prisma.sql`
      SELECT credits_balance::float8 AS balance FROM accounts WHERE org_id = ${orgId} AND mode = ${mode}`),
  ]);
  if (entry === undefined || account === undefined) return null;
  return { entry, balance: account.balance, isRepeated: true };
}

/** Returns the newest entries of an account, before an id. */
export async function listCreditEntries(
  database: Database,
  { orgId, mode }: Tenant,
  { before, take }: { before: string | undefined; take: number },
): Promise<CreditEntry[]> {
  return database.query<CreditEntry>(Prisma.sql`
    SELECT ${COLUMNS} FROM credit_entries
     WHERE org_id = ${orgId} AND mode = ${mode} AND (${before ?? null}::text IS NULL OR id < ${before ?? null})
     ORDER BY id DESC LIMIT ${take}::int`);
}
