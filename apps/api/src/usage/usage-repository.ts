import type { Quality } from '@greenroom/contract';
import type { Database, UsageEvent } from '@greenroom/database';

import { lowestIdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { monthOf, type Period } from './period.ts';

/** Billing records of a range of ids (`from` ≤ id < `before`), newest first. */
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

/** The sums of a period's records of one quality. */
export interface UsageSum {
  quality: Quality;
  seconds: number;
  sessions: number;
}

/**
 * Sums the records of a period. A record belongs to the moment of its id, shortly before the transaction that writes it
 * commits: the sums of a period can change for as long after its end as a transaction may take.
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
 * A row for each month, however many records it has. A session that continues from the month before has been counted
 * there; the first month counts all.
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
