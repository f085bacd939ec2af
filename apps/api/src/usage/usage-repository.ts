import type { Quality } from '@greenroom/contract';
import type { Database, Prisma, Session, Transaction, UsageEvent } from '@greenroom/database';

import { lowestIdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { monthOf, type Period } from './period.ts';

/** Returns the usage events of a range of ids (`from` ≤ id < `before`), newest first. */
export function listUsageEvents(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  filter: { sessionId: string | undefined; from: string; before: string; take: number },
): Promise<UsageEvent[]> {
  const { sessionId, from, before, take } = filter;
  return prisma.usageEvent.findMany({
    where: { orgId, mode, id: { gte: from, lt: before }, ...(sessionId !== undefined && { sessionId }) },
    orderBy: { id: 'desc' },
    take,
  });
}

export function findUsageEvent({ prisma }: Database, { orgId, mode }: Tenant, id: string) {
  return prisma.usageEvent.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
}

export async function insertUsageEvent(
  tx: Transaction,
  data: Prisma.UsageEventUncheckedCreateInput,
): Promise<void> {
  await tx.usageEvent.create({ data });
}

/** Adds a charge of a session to the totals of its month. Call it before the usage event of the charge is inserted. */
export async function addToMonth(
  tx: Transaction,
  { orgId, mode, id, quality, billedSeconds }: Session,
  { seconds, credits }: { seconds: number; credits: number },
  month: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO usage_totals AS total
           (org_id, mode, month, quality, billable_seconds, credits, sessions, continued_sessions)
    SELECT ${orgId}, ${mode}::mode, ${month}::date, ${quality}::quality, ${seconds}, ${credits},
           (NOT billed)::int, (NOT billed AND ${billedSeconds} > 0)::int
      FROM (SELECT EXISTS (
              SELECT 1 FROM usage_events
               WHERE org_id = ${orgId} AND mode = ${mode}::mode AND session_id = ${id}
                 AND id >= ${lowestIdAt('use', month)}) AS billed) AS this_month
    ON CONFLICT (org_id, mode, month, quality) DO UPDATE
       SET billable_seconds = total.billable_seconds + EXCLUDED.billable_seconds,
           credits = total.credits + EXCLUDED.credits,
           sessions = total.sessions + EXCLUDED.sessions,
           continued_sessions = total.continued_sessions + EXCLUDED.continued_sessions`;
}

/** Sets the billed fields of a session, and lowers its reserved credits by those that were debited. */
export function updateBilledSession(
  tx: Transaction,
  { orgId, mode, id }: Session,
  billed: { billedSeconds: number; billedCredits: number },
  debitedCredits: number,
): Promise<Session> {
  return tx.session.update({
    where: { orgId_mode_id: { orgId, mode, id } },
    data: { ...billed, creditsReserved: { decrement: debitedCredits } },
  });
}

/** The sums of a period's usage events of one quality. */
export interface UsageSum {
  quality: Quality;
  seconds: number;
  sessions: number;
}

/**
 * Sums the usage events of a period. The id of an event is its time, shortly before its transaction commits, so the
 * sums of a period can change after its end for the duration of a transaction.
 */
export async function sumUsage(
  { pool }: Database,
  { orgId, mode }: Tenant,
  period: Period,
): Promise<UsageSum[]> {
  const { start, end } = period;
  const ofMonths = isFirstOfMonth(start) && isFirstOfMonth(end);
  const { rows } = await pool.query<UsageSum>(
    ofMonths
      ? { name: 'sum-usage-of-months', text: SUM_OF_MONTHS, values: [orgId, mode, start, end] }
      : {
          name: 'sum-usage',
          text: SUM,
          values: [orgId, mode, lowestIdAt('use', start), lowestIdAt('use', end)],
        },
  );
  return rows;
}

const SUM = `
  SELECT quality, sum(billable_seconds)::float8 AS seconds, count(DISTINCT session_id)::int AS sessions
    FROM usage_events
   WHERE org_id = $1 AND mode = $2::mode AND id >= $3 AND id < $4
   GROUP BY quality`;

/**
 * Reads one row for each month and quality. A session that continues from the previous month was counted there, so only
 * the first month counts all.
 */
const SUM_OF_MONTHS = `
  SELECT quality, sum(billable_seconds)::float8 AS seconds,
         sum(sessions - CASE WHEN month > ($3::timestamptz AT TIME ZONE 'UTC')::date THEN continued_sessions ELSE 0 END)::int
           AS sessions
    FROM usage_totals
   WHERE org_id = $1 AND mode = $2::mode
     AND month >= ($3::timestamptz AT TIME ZONE 'UTC')::date AND month < ($4::timestamptz AT TIME ZONE 'UTC')::date
   GROUP BY quality`;

function isFirstOfMonth(time: Date): boolean {
  return time.getTime() === monthOf(time).start.getTime();
}
