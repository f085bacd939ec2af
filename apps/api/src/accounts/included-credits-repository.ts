import { Prisma, type Database, type Transaction } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { addGrant } from './credit-entry-repository.ts';

/** Begins the references of these grants. An operator's reference must not begin with it. */
export const INCLUDED_PREFIX = 'plan:';

const BATCH = 100;

/** A month in UTC, such as `2026-11`. */
type Month = string;

/** Returns the month of a time, by default the current one by the database's clock. */
export function monthAt(time: Date = currentTime()): Month {
  return time.toISOString().slice(0, 7);
}

/** Returns a month as a value of `orgs.credits_month`. */
export function firstDayOf(month: Month): string {
  return `${month}-01`;
}

/**
 * Grants the included credits of a month to every organisation that has not got them. Suspended organisations get none.
 * Concurrent and repeated runs grant once.
 */
export async function grantIncludedCredits(
  database: Database,
  { month = monthAt(), signal }: { month?: Month; signal?: AbortSignal } = {},
): Promise<void> {
  const isStopped = () => signal?.aborted === true;
  let after = '';
  while (!isStopped()) {
    const orgs = await database.query<{ id: string }>(Prisma.sql`
      SELECT id FROM orgs
       WHERE id > ${after} AND suspended_at IS NULL AND (credits_month IS NULL OR credits_month < ${firstDayOf(month)}::date)
       ORDER BY id LIMIT ${BATCH}::int`);
    for (const { id } of orgs) {
      if (isStopped()) return;
      await grantMonth(database, id, month);
    }
    const last = orgs.at(-1);
    if (last === undefined || orgs.length < BATCH) return;
    after = last.id;
  }
}

async function grantMonth(database: Database, orgId: string, month: Month): Promise<void> {
  await database.transaction(async (tx) => {
    // Locks the organisation, so that its plan changes before or after the grant.
    const [org] = await tx.query<{ planId: string }>(Prisma.sql`
      UPDATE orgs SET credits_month = ${firstDayOf(month)}::date
       WHERE id = ${orgId} AND suspended_at IS NULL AND (credits_month IS NULL OR credits_month < ${firstDayOf(month)}::date)
      RETURNING plan_id AS "planId"`);
    if (org !== undefined) await grantIncluded(tx, orgId, { month, planId: org.planId });
  });
}

/** Grants the included credits of a plan to an organisation that has none of the month. It must be locked or new. */
export async function grantIncluded(
  tx: Transaction,
  orgId: string,
  { month, planId }: { month: Month; planId: string },
): Promise<void> {
  const [plan] = await tx.query<{ credits: number }>(Prisma.sql`
    SELECT included_credits AS credits FROM plans WHERE id = ${planId}`);
  await addIncluded(tx, orgId, { month, planId, credits: plan?.credits ?? 0 });
}

/**
 * Grants the difference to a plan with more included credits, if the organisation has those of the month. Switching
 * back and forth grants nothing more. The organisation must be locked.
 */
export async function grantDifference(
  tx: Transaction,
  orgId: string,
  { month, from, to }: { month: Month; from: string; to: string },
): Promise<void> {
  const [plans, [granted]] = await Promise.all([
    tx.query<{ id: string; credits: number }>(Prisma.sql`
      SELECT id, included_credits AS credits FROM plans WHERE id IN (${from}, ${to})`),
    tx.query<{ credits: number }>(Prisma.sql`
      SELECT coalesce(sum(credits), 0)::float8 AS credits FROM credit_entries
       WHERE org_id = ${orgId} AND mode = 'live' AND reference LIKE ${`${INCLUDED_PREFIX}${month}:%`}`),
  ]);
  const creditsOf = (planId: string) => plans.find(({ id }) => id === planId)?.credits ?? 0;
  const credits = creditsOf(to) - Math.max(creditsOf(from), granted?.credits ?? 0);
  await addIncluded(tx, orgId, { month, planId: to, credits });
}

async function addIncluded(
  tx: Transaction,
  orgId: string,
  { month, planId, credits }: { month: Month; planId: string; credits: number },
): Promise<void> {
  if (credits <= 0) return;
  await addGrant(
    tx,
    { orgId, mode: 'live' },
    {
      credits,
      reason: `Included in the plan ${planId}, ${month}`,
      reference: `${INCLUDED_PREFIX}${month}:${planId}`,
    },
  );
}
