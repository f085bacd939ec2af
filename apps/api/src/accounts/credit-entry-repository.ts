import { Prisma, type Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/** A change of a balance other than by usage. */
export interface CreditEntry {
  id: string;
  kind: 'grant' | 'debit' | 'adjustment';
  credits: number;
  reason: string;
  at: Date;
}

/** Grants credits. Returns the entry, or null when the tenant has no account. */
export async function grantCredits(
  database: Database,
  { orgId, mode }: Tenant,
  { credits, reason }: Pick<CreditEntry, 'credits' | 'reason'>,
): Promise<{ entry: CreditEntry; balance: number } | null> {
  const id = newId('crd');
  const at = currentTime();
  const [granted] = await database.query<{ balance: number }>(Prisma.sql`
    WITH account AS (
      UPDATE accounts SET credits_balance = credits_balance + ${credits}::numeric
       WHERE org_id = ${orgId} AND mode = ${mode} RETURNING org_id, credits_balance
    )
    INSERT INTO credit_entries (org_id, mode, id, kind, credits, reason, at)
    SELECT ${orgId}, ${mode}, ${id}, 'grant', ${credits}::numeric, ${reason}, ${at}::timestamptz
      FROM account WHERE org_id = ${orgId}
    RETURNING (SELECT credits_balance::float8 FROM account) AS balance`);
  if (granted === undefined) return null;
  return { entry: { id, kind: 'grant', credits, reason, at }, balance: granted.balance };
}

/** Returns the newest entries of an account, before an id. */
export async function listCreditEntries(
  database: Database,
  { orgId, mode }: Tenant,
  { before, take }: { before: string | undefined; take: number },
): Promise<CreditEntry[]> {
  return database.query<CreditEntry>(Prisma.sql`
    SELECT id, kind, credits::float8 AS credits, reason, at FROM credit_entries
     WHERE org_id = ${orgId} AND mode = ${mode} AND (${before ?? null}::text IS NULL OR id < ${before ?? null})
     ORDER BY id DESC LIMIT ${take}::int`);
}
