import type { Greenroom } from '@greenroom/client';
import { qualityValues, type Quality } from '@greenroom/contract';
import { queryOptions } from '@tanstack/react-query';

import { currentMonthId, endOfDay, monthOf, type Month } from './months.ts';

/** The usage of a day in UTC, at one quality. */
export interface Amount {
  seconds: number;
  /** Null when the month has too many events to add them up here. */
  credits: number | null;
}

export interface Day {
  /** Such as `2026-11-02`. */
  day: string;
  byQuality: Readonly<Record<Quality, Amount>>;
}

const PAGE_SIZE = 100;
/** More events than this are not read: the summaries of the days take their place, which have no credits. */
const MOST_PAGES = 20;
export const MOST_EVENTS = PAGE_SIZE * MOST_PAGES;
const CURRENT_STALE_MS = 60_000;

/**
 * The usage of each day of a month. Not below the key `usage`: it takes several requests, too many to repeat with every
 * event of the stream.
 */
export function usageDays(greenroom: Greenroom, monthId: string) {
  return queryOptions({
    queryKey: ['usage-days', monthId],
    queryFn: async ({ signal }) => {
      // Its days now.
      const month = monthOf(monthId);
      return (await fromEvents(greenroom, month, signal)) ?? fromSummaries(greenroom, month, signal);
    },
    // A month that was over when it was read does not change.
    staleTime: ({ state }) =>
      state.dataUpdatedAt > Date.parse(monthOf(monthId).end) ? Infinity : CURRENT_STALE_MS,
    refetchInterval: monthId === currentMonthId() ? CURRENT_STALE_MS : false,
  });
}

/** Adds up the events of a month; null when there are too many. */
async function fromEvents(
  greenroom: Greenroom,
  { start, end, days }: Month,
  signal: AbortSignal,
): Promise<Day[] | null> {
  const found = new Map(days.map((day) => [day, emptyDay(day, 0)]));
  const list = greenroom.usage.events(
    { created_after: start, created_before: end, limit: PAGE_SIZE },
    { signal },
  );
  let pages = 0;
  for await (const page of list.pages()) {
    pages += 1;
    for (const { created_at, quality, billable_seconds, credits } of page.data) {
      const amount = found.get(created_at.slice(0, 10))?.byQuality[quality];
      if (amount === undefined) continue;
      amount.seconds += billable_seconds;
      amount.credits = (amount.credits ?? 0) + credits;
    }
    if (pages === MOST_PAGES && page.has_more) return null;
  }
  return [...found.values()];
}

async function fromSummaries(greenroom: Greenroom, { days }: Month, signal: AbortSignal): Promise<Day[]> {
  const found: Day[] = [];
  for (const day of days) {
    const period = { period_start: `${day}T00:00:00Z`, period_end: endOfDay(day) };
    const { by_quality } = await greenroom.usage.summary(period, { signal });
    const { byQuality } = emptyDay(day, null);
    for (const quality of qualityValues) byQuality[quality].seconds = by_quality[quality];
    found.push({ day, byQuality });
  }
  return found;
}

function emptyDay(day: string, credits: 0 | null): Day {
  const none = (): Amount => ({ seconds: 0, credits });
  return { day, byQuality: { mock: none(), lite: none(), standard: none(), pro: none() } };
}

/** Returns the sum of a day, or of one quality over several days. Its credits are null when those of a part are. */
export function sumOf(days: readonly Day[], qualities: readonly Quality[] = qualityValues): Amount {
  let seconds = 0;
  let credits: number | null = 0;
  for (const { byQuality } of days) {
    for (const quality of qualities) {
      const amount = byQuality[quality];
      seconds += amount.seconds;
      credits = credits === null || amount.credits === null ? null : credits + amount.credits;
    }
  }
  return { seconds, credits };
}
