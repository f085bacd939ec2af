import type { components } from '@greenroom/contract';
import type { Database, UsageEvent } from '@greenroom/database';

import { currentTime } from '../clock.ts';
import type { Handlers } from '../contract/handlers.ts';
import { page, unknownCursor } from '../http/paging.ts';
import { idRange } from '../http/time-range.ts';
import { createdAt } from '../ids.ts';
import { periodOf } from './period.ts';
import { findUsageEvent, listUsageEvents, sumUsage } from './usage-repository.ts';

export function usageHandlers(database: Database): Handlers['usage'] {
  return {
    async summary({ identity, query }) {
      const { start, end } = periodOf(query, currentTime());
      const byQuality = await sumUsage(database, identity, start, end);
      const totals = Object.values(byQuality);
      return {
        status: 200,
        body: {
          period_start: start.toISOString(),
          period_end: end.toISOString(),
          billable_seconds: totals.reduce((sum, { billable_seconds: seconds }) => sum + seconds, 0),
          // A session has one quality, so no session is counted twice.
          sessions: totals.reduce((sum, { sessions }) => sum + sessions, 0),
          by_quality: byQuality,
        },
      };
    },

    async events({ identity, query }) {
      const cursor = query.starting_after;
      if (cursor !== undefined && !(await findUsageEvent(database, identity, cursor))) {
        throw unknownCursor('a usage event');
      }
      const rows = await listUsageEvents(database, identity, {
        sessionId: query.session_id,
        ...idRange('use', { after: query.created_after, before: query.created_before, cursor }),
        take: query.limit + 1,
      });
      return { status: 200, body: page(rows, query.limit, usageEventResource) };
    },
  };
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
