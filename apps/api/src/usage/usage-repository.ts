import { qualityValues, type components, type Quality } from '@greenroom/contract';
import type { Database, UsageEvent } from '@greenroom/database';

import { lowestIdAt } from '../ids.ts';
import type { Tenant } from '../tenant.ts';

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

/**
 * The records of a period, summed. A record belongs to the period in which it was written (its id says
 * when), so a period that is over never changes.
 */
export async function sumUsage(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  start: Date,
  end: Date,
): Promise<components['schemas']['UsageSummary']['by_quality']> {
  const rows = await prisma.$queryRaw<{ quality: Quality; seconds: number; sessions: number }[]>`
    SELECT quality, sum(billable_seconds)::float8 AS seconds, count(DISTINCT session_id)::int AS sessions
      FROM usage_events
     WHERE org_id = ${orgId} AND mode = ${mode}::mode
       AND id >= ${lowestIdAt('use', start)} AND id < ${lowestIdAt('use', end)}
     GROUP BY quality`;
  const total = (quality: Quality) => {
    const row = rows.find((candidate) => candidate.quality === quality);
    return { billable_seconds: row?.seconds ?? 0, sessions: row?.sessions ?? 0 };
  };
  return Object.fromEntries(qualityValues.map((quality) => [quality, total(quality)])) as Record<
    Quality,
    ReturnType<typeof total>
  >;
}
