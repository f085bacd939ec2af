import type { Greenroom } from '@greenroom/client';
import { qualityValues, type Quality } from '@greenroom/contract';
import { queryOptions } from '@tanstack/react-query';

import { currentMonthId, endOfDay, monthOf } from './months.ts';

/** The usage of a day in UTC, at one quality. */
export interface Amount {
  seconds: number;
  /** Null when the billing records of the day were not read. */
  credits: number | null;
}

export interface Day {
  /** Such as `2026-11-02`. */
  day: string;
  byQuality: Readonly<Record<Quality, Amount>>;
}

/** The usage of a month at a point in time. */
export interface MonthUsage {
  days: readonly Day[];
  readAtMs: number;
}

const PAGE_SIZE = 100;
/** Further pages of billing records are read only on request. Earlier days use their summary, which has no credits. */
const MAX_PAGES = 20;
export const MAX_EVENTS = PAGE_SIZE * MAX_PAGES;
const CURRENT_STALE_MS = 60_000;
/** Usage of a day can still appear for this long after its end. */
const SETTLED_MS = 60_000;

/**
 * The usage of each day of a month. Not under the key `usage`: it takes several requests, too many to repeat with every
 * event. Days that were over when they were read are not read again.
 */
export function usageDays(greenroom: Greenroom, monthId: string) {
  const queryKey = ['usage-days', monthId];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<MonthUsage> => {
      const settled = settledDays(client.getQueryData<MonthUsage>(queryKey));
      const readAtMs = Date.now();
      // The days that have begun by now and are not settled.
      const days = monthOf(monthId).days.slice(settled.length);
      return { days: [...settled, ...(await readDays(greenroom, days, { signal }))], readAtMs };
    },
    // A month that was over when it was read does not change.
    staleTime: ({ state }) =>
      state.dataUpdatedAt > Date.parse(monthOf(monthId).end) + SETTLED_MS ? Infinity : CURRENT_STALE_MS,
    refetchInterval: monthId === currentMonthId() ? CURRENT_STALE_MS : false,
  });
}

/** Reads all billing records of a month, however many there are. `onRead` is called with their number so far. */
export async function readWholeMonth(
  greenroom: Greenroom,
  monthId: string,
  onRead: (records: number) => void,
): Promise<MonthUsage> {
  const readAtMs = Date.now();
  const days = await readDays(greenroom, monthOf(monthId).days, { maxPages: Infinity, onRead });
  return { days, readAtMs };
}

/** Returns the first days of a month that cannot have changed since they were read. */
function settledDays(known: MonthUsage | undefined): readonly Day[] {
  if (known === undefined) return [];
  const { days, readAtMs } = known;
  return days.filter(({ day }) => Date.parse(endOfDay(day)) + SETTLED_MS <= readAtMs);
}

/**
 * Adds up the billing records of successive days. Only this gives exact credits: minutes are rounded up per session, so
 * credits do not follow from a summary's seconds.
 */
async function readDays(
  greenroom: Greenroom,
  days: readonly string[],
  {
    maxPages = MAX_PAGES,
    signal,
    onRead,
  }: { maxPages?: number; signal?: AbortSignal; onRead?: (records: number) => void },
): Promise<Day[]> {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const found = new Map(days.map((day) => [day, emptyDay(day, 0)]));
  const list = greenroom.usage.events(
    { created_after: startOfDay(first), created_before: endOfDay(last), limit: PAGE_SIZE },
    { signal },
  );
  let pages = 0;
  let records = 0;
  for await (const page of list.pages()) {
    pages += 1;
    records += page.data.length;
    onRead?.(records);
    for (const { created_at, quality, billable_seconds, credits } of page.data) {
      const amount = found.get(created_at.slice(0, 10))?.byQuality[quality];
      if (amount === undefined) continue;
      amount.seconds += billable_seconds;
      amount.credits = (amount.credits ?? 0) + credits;
    }
    if (pages < maxPages || !page.has_more) continue;
    // Records are newest first, so this day and earlier ones are incomplete.
    const incomplete = page.data.at(-1)?.created_at.slice(0, 10) ?? last;
    for (const day of days.filter((each) => each <= incomplete)) {
      found.set(day, await summaryOf(greenroom, day, signal));
    }
    break;
  }
  return [...found.values()];
}

async function summaryOf(greenroom: Greenroom, day: string, signal: AbortSignal | undefined): Promise<Day> {
  const period = { period_start: startOfDay(day), period_end: endOfDay(day) };
  const { by_quality } = await greenroom.usage.summary(period, { signal });
  const { byQuality } = emptyDay(day, null);
  for (const quality of qualityValues) byQuality[quality].seconds = by_quality[quality];
  return { day, byQuality };
}

function startOfDay(day: string): string {
  return `${day}T00:00:00Z`;
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
