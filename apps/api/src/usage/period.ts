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

/**
 * Returns the parameter of the first end of a period that is not the start of a month, in UTC; null for whole months.
 * An end in the future counts as the end of its month, because no event lies between.
 */
export function unalignedEnd({ start, end }: Period, now: Date): 'period_start' | 'period_end' | null {
  if (!isFirstOfMonth(start)) return 'period_start';
  return end >= now || isFirstOfMonth(end) ? null : 'period_end';
}

/** A part of a month at an end of a period. */
export interface Edge extends Period {
  /** Whether its events are added to the whole months, or subtracted because they are outside of the period. */
  isAdded: boolean;
}

/** A period as whole months, which may be none, and the edges in which it differs from them. */
export interface PeriodParts {
  months: Period;
  /** At most two. */
  edges: Edge[];
}

/**
 * Returns the parts by which to sum a period. The edge in a partial month is its shorter part, inside or outside of the
 * period, because each event of an edge is read.
 *
 * @param now no event is later
 */
export function partsOf({ start, end }: Period, now: Date): PeriodParts {
  const first = monthOf(start);
  const last = monthOf(new Date(end.getTime() - 1));
  const before = { start: first.start, end: start };
  const after = { start: end, end: last.end };
  const lengthMs = (part: Period) =>
    Math.max(0, Math.min(part.end.getTime(), now.getTime()) - part.start.getTime());
  if (first.start.getTime() === last.start.getTime()) {
    const isShort = lengthMs({ start, end }) < lengthMs(before) + lengthMs(after);
    return isShort
      ? { months: { start: first.start, end: first.start }, edges: [{ start, end, isAdded: true }] }
      : { months: first, edges: edgesOf([before, after], false) };
  }
  const inFirst = { start, end: first.end };
  const inLast = { start: last.start, end };
  const addsFirst = lengthMs(inFirst) < lengthMs(before);
  const addsLast = lengthMs(inLast) < lengthMs(after);
  return {
    months: { start: addsFirst ? first.end : first.start, end: addsLast ? last.start : last.end },
    edges: [
      ...edgesOf([addsFirst ? inFirst : before], addsFirst),
      ...edgesOf([addsLast ? inLast : after], addsLast),
    ],
  };
}

function edgesOf(parts: readonly Period[], isAdded: boolean): Edge[] {
  return parts.filter(({ start, end }) => start < end).map((part) => ({ ...part, isAdded }));
}

function isFirstOfMonth(time: Date): boolean {
  return time.getTime() === monthOf(time).start.getTime();
}
