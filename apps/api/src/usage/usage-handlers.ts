import type { components } from '@greenroom/contract';
import type { Database, UsageEvent } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import { createdAt } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import { ApiError } from '../errors/api-error.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idRange } from '../http/time-range.ts';
import { periodOf, unalignedEnd } from './period.ts';
import { findUsageEvent, isPurged, listUsageEvents, sumUsage, type UsageSum } from './usage-repository.ts';

export function usageHandlers(database: Database): Handlers['usage'] {
  return {
    async summary({ identity, query }) {
      const now = currentTime();
      const period = periodOf(query, now);
      const sums = await sumUsage(database, identity, period, now);
      // Checked after the sum, because events can be deleted during it.
      const param = unalignedEnd(period, now);
      if (param !== null && (await isPurged(database, identity, period))) {
        throw new ApiError('period.purged', { param });
      }
      return {
        status: 200,
        body: {
          period_start: period.start.toISOString(),
          period_end: period.end.toISOString(),
          billable_seconds: sums.reduce((total, { seconds }) => total + seconds, 0),
          // A session has one quality, so no session is counted twice.
          sessions: sums.reduce((total, { sessions }) => total + sessions, 0),
          by_quality: secondsByQuality(sums),
        },
      };
    },

    async events({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, (id) => findUsageEvent(database, identity, id));
      const rows = await listUsageEvents(database, identity, {
        sessionId: query.session_id,
        ...idRange('use', { after: query.created_after, before: query.created_before, cursor }),
        take: query.limit + 1,
      });
      return { status: 200, body: page(rows, query.limit, usageEventResource) };
    },
  };
}

function secondsByQuality(sums: readonly UsageSum[]): components['schemas']['UsageByQuality'] {
  const byQuality = { mock: 0, lite: 0, standard: 0, pro: 0 };
  for (const { quality, seconds } of sums) byQuality[quality] = seconds;
  return byQuality;
}

function usageEventResource(event: UsageEvent): components['schemas']['UsageEvent'] {
  return {
    id: event.id,
    object: 'usage.event',
    session_id: event.sessionId,
    quality: event.quality,
    interval_start: event.intervalStart.toISOString(),
    interval_end: event.intervalEnd.toISOString(),
    billable_seconds: event.billableSeconds,
    multiplier: Number(event.multiplier),
    credits: Number(event.credits),
    created_at: createdAt(event.id).toISOString(),
  };
}
