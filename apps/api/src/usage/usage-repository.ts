import type { Quality } from '@greenroom/contract';
import { narrow, Prisma, type Database, type UsageEvent } from '@greenroom/database';

import { createdAt, lowestIdAt, newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { Charge, Metered } from './billing.ts';
import { CREDIT_MULTIPLIERS } from './credits.ts';
import { monthOf, partsOf, type Edge, type Period } from './period.ts';

/** Returns the usage events of a range of ids (`from` ≤ id < `before`), newest first. */
export async function listUsageEvents(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  filter: { sessionId: string | undefined; from: string; before: string; take: number },
): Promise<UsageEvent[]> {
  const { sessionId, from, before, take } = filter;
  const events = await prisma.usageEvent.findMany({
    where: { orgId, mode, id: { gte: from, lt: before }, ...(sessionId !== undefined && { sessionId }) },
    orderBy: { id: 'desc' },
    take,
  });
  return events.map(narrow);
}

export async function findUsageEvent(
  { prisma }: Database,
  { orgId, mode }: Tenant,
  id: string,
): Promise<UsageEvent | null> {
  const event = await prisma.usageEvent.findUnique({ where: { orgId_mode_id: { orgId, mode, id } } });
  return event === null ? null : narrow(event);
}

/**
 * Returns common table expressions that write the usage event of a charge and add it to its month if the expression
 * `source` has a row. The session is as it was before the charge.
 *
 * The search for earlier events of the month excludes the new one: on a sharded database, the expressions of a statement
 * do not share a snapshot.
 */
export function chargeExpressions(
  { orgId, mode, id, quality, billedSeconds, firstFrameAt }: Metered & Tenant & { id: string },
  { seconds, credits }: Charge,
  source: Prisma.Sql,
): Prisma.Sql {
  const eventId = newId('use');
  const month = monthOf(createdAt(eventId)).start;
  const startMs = firstFrameAt?.getTime() ?? 0;
  const at = (mediaSeconds: number) => new Date(startMs + mediaSeconds * 1000);
  return Prisma.sql`
    usage_event AS (
      INSERT INTO usage_events (org_id, mode, id, session_id, quality, interval_start, interval_end,
                                billable_seconds, multiplier, credits)
      SELECT ${orgId}, ${mode}, ${eventId}, ${id}, ${quality}, ${at(billedSeconds)}::timestamptz,
             ${at(billedSeconds + seconds)}::timestamptz, ${seconds}::int, ${CREDIT_MULTIPLIERS[quality]}::numeric,
             ${credits}::numeric
        FROM ${source}
    ), month AS (
      INSERT INTO usage_totals AS total
             (org_id, mode, month, quality, billable_seconds, credits, sessions, continued_sessions)
      SELECT ${orgId}, ${mode}, ${month}::date, ${quality}, ${seconds}::int, ${credits}::numeric,
             (NOT billed)::int, (NOT billed AND ${billedSeconds}::int > 0)::int
        FROM ${source}, (SELECT EXISTS (
               SELECT 1 FROM usage_events
                WHERE org_id = ${orgId} AND mode = ${mode} AND session_id = ${id}
                  AND id >= ${lowestIdAt('use', month)} AND id <> ${eventId}) AS billed) AS this_month
      ON CONFLICT (org_id, mode, month, quality) DO UPDATE
         SET billable_seconds = total.billable_seconds + EXCLUDED.billable_seconds,
             credits = total.credits + EXCLUDED.credits,
             sessions = total.sessions + EXCLUDED.sessions,
             continued_sessions = total.continued_sessions + EXCLUDED.continued_sessions
    )`;
}

/** The sums of a period's usage events of one quality. */
export interface UsageSum {
  quality: Quality;
  seconds: number;
  sessions: number;
}

/**
 * Sums the usage events of a period: the totals of its whole months, and the events of its edges. The id of an event is its
 * time, shortly before its transaction commits, so the sums of a period can change after its end for the duration of a
 * transaction.
 *
 * @param now no event is later
 */
export async function sumUsage(
  { pool }: Database,
  { orgId, mode }: Tenant,
  period: Period,
  now: Date,
): Promise<UsageSum[]> {
  const { months, edges } = partsOf(period, now);
  const values: unknown[] = [orgId, mode, months.start, months.end];
  if (edges.length === 0) {
    const { rows } = await pool.query<UsageSum>({ name: 'sum-usage-of-months', text: SUM_OF_MONTHS, values });
    return rows;
  }
  const [first, second = NO_EDGE] = edges;
  for (const edge of [first ?? NO_EDGE, second]) values.push(...idsOf(edge), edge.isAdded);
  values.push(...idsOf(period), ...idsOf(months));
  const { rows } = await pool.query<UsageSum>({ name: 'sum-usage', text: SUM, values });
  return rows;
}

const NO_EDGE: Edge = { start: new Date(0), end: new Date(0), isAdded: true };

/** Returns the range of the ids of a period's events. */
function idsOf({ start, end }: Period): [from: string, before: string] {
  return [lowestIdAt('use', start), lowestIdAt('use', end)];
}

/**
 * Reads one row for each month and quality. A session that continues from the previous month was counted there, so only
 * the first month counts all.
 */
const MONTHS = `
  SELECT quality, billable_seconds AS seconds,
         sessions - CASE WHEN month > ($3::timestamptz AT TIME ZONE 'UTC')::date THEN continued_sessions ELSE 0 END AS sessions
    FROM usage_totals
   WHERE org_id = $1 AND mode = $2
     AND month >= ($3::timestamptz AT TIME ZONE 'UTC')::date AND month < ($4::timestamptz AT TIME ZONE 'UTC')::date`;

const SUM_OF_MONTHS = sumOf(MONTHS);

/**
 * Also reads the events of two edges, with their sessions. An added session counts if the months did not count it, and
 * a subtracted one if it has no event in the period.
 */
const SUM = sumOf(`
  WITH edge AS (
    SELECT quality, session_id, sum(billable_seconds) AS seconds, is_added
      FROM (SELECT quality, session_id, billable_seconds, $7::boolean AS is_added FROM usage_events
             WHERE org_id = $1 AND mode = $2 AND id >= $5 AND id < $6
             UNION ALL
            SELECT quality, session_id, billable_seconds, $10::boolean FROM usage_events
             WHERE org_id = $1 AND mode = $2 AND id >= $8 AND id < $9) AS event
     GROUP BY quality, session_id, is_added
  )
  ${MONTHS}
   UNION ALL
  SELECT quality, CASE WHEN is_added THEN seconds ELSE -seconds END,
         CASE WHEN EXISTS (SELECT FROM usage_events AS other
                            WHERE other.org_id = $1 AND other.mode = $2 AND other.session_id = edge.session_id
                              AND other.id >= CASE WHEN is_added THEN $13 ELSE $11 END
                              AND other.id < CASE WHEN is_added THEN $14 ELSE $12 END)
              THEN 0 WHEN is_added THEN 1 ELSE -1 END
    FROM edge`);

function sumOf(parts: string): string {
  return `
  SELECT quality, sum(seconds)::float8 AS seconds, sum(sessions)::int AS sessions
    FROM (${parts}) AS part
   GROUP BY quality`;
}

/** Returns whether usage events of a month that a period touches were deleted. */
export async function isPurged(
  database: Database,
  { orgId, mode }: Tenant,
  { start, end }: Period,
): Promise<boolean> {
  const [purged] = await database.query<{ exists: boolean }>(Prisma.sql`
    SELECT EXISTS (
      SELECT FROM usage_totals
       WHERE org_id = ${orgId} AND mode = ${mode} AND events_purged
         AND month >= ${monthOf(start).start}::date AND month < (${end}::timestamptz AT TIME ZONE 'UTC')
    ) AS exists`);
  return purged?.exists === true;
}
