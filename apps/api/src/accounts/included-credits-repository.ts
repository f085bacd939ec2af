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
 * Grants the included credits of a month to every organisation that does not have them. Suspended organisations get
 * none. Concurrent and repeated runs grant once.
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

/**
 * Grants the included credits of a plan to an organisation without credits of the month. The organisation must be
 * locked or new.
 */
export async function grantIncluded(
  tx: Transaction,
  orgId: string,
  { month, planId }: { month: Month; planId: string },
): Promise<void> {
  const [plan] = await tx.query<{ credits: number }>(Prisma.sql`
    SELECT included_credits AS credits FROM plans WHERE id = ${planId}`);
  const credits = plan?.credits ?? 0;
  await Promise.all([setLargest(tx, orgId, credits), addIncluded(tx, orgId, { month, planId, credits })]);
}

/**
 * Grants the credits that a plan includes beyond the largest plan of the month, to an organisation that has the credits
 * of the month. Changing back and forth grants nothing more. The organisation must be locked.
 *
 * @param options.largest the included credits of the largest plan until now; null: those of `from`
 */
export async function grantDifference(
  tx: Transaction,
  orgId: string,
  { month, from, to, largest }: { month: Month; from: string; to: string; largest: number | null },
): Promise<void> {
  const plans = await tx.query<{ id: string; credits: number }>(Prisma.sql`
    SELECT id, included_credits AS credits FROM plans WHERE id IN (${from}, ${to})`);
  const creditsOf = (planId: string) => plans.find(({ id }) => id === planId)?.credits ?? 0;
  const had = largest ?? creditsOf(from);
  const included = creditsOf(to);
  await Promise.all([
    setLargest(tx, orgId, Math.max(had, included)),
    addIncluded(tx, orgId, { month, planId: to, credits: included - had }),
  ]);
}

async function setLargest(tx: Transaction, orgId: string, credits: number): Promise<void> {
  await tx.query(Prisma.sql`UPDATE orgs SET included_credits = ${credits}::int WHERE id = ${orgId}`);
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
