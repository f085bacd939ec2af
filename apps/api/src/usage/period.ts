import type { validatedRequests } from '@greenroom/contract';

import { ApiError } from '../errors/api-error.ts';
import { parseTimeParameter } from '../http/time-range.ts';

/** A half-open range of time. */
export interface Period {
  start: Date;
  end: Date;
}

type PeriodQuery = NonNullable<validatedRequests['usage.summary']['parameters']['query']>;

/**
 * Returns the period of a summary; by default the current month.
 *
 * @throws {ApiError} 400 when the parameters contradict each other
 */
export function periodOf(query: PeriodQuery, now: Date): Period {
  const { period, period_start: from, period_end: to } = query;
  if (period !== undefined && (from !== undefined || to !== undefined)) {
    throw new ApiError('period.contradictory', { situation: 'both', param: 'period' });
  }
  if (from === undefined && to === undefined) return monthOf(now, period === 'previous_month' ? -1 : 0);
  if (from === undefined || to === undefined) {
    const param = from === undefined ? 'period_start' : 'period_end';
    throw new ApiError('period.contradictory', { situation: 'half', param });
  }
  const start = parseTimeParameter(from, 'period_start');
  const end = parseTimeParameter(to, 'period_end');
  if (start >= end) throw new ApiError('period.contradictory', { situation: 'order', param: 'period_end' });
  return { start, end };
}

/** Returns the month of a time, in UTC, or the one that is `offset` months later. */
export function monthOf(time: Date, offset = 0): Period {
  const first = (distance: number) =>
    new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + distance, 1));
  return { start: first(offset), end: first(offset + 1) };
}

/** Returns the parameter of the first end of a period that is not the start of a month, in UTC; null for whole months. */
export function unalignedEnd({ start, end }: Period): 'period_start' | 'period_end' | null {
  if (!isFirstOfMonth(start)) return 'period_start';
  return isFirstOfMonth(end) ? null : 'period_end';
}

function isFirstOfMonth(time: Date): boolean {
  return time.getTime() === monthOf(time).start.getTime();
}
